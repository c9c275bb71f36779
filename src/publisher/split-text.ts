const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Where to cut a text in two: at the space after its middle, or where there is none between two graphemes, so that no
 * character is torn.
 *
 * @returns an index in UTF-16 units; undefined for a text of one grapheme
 */
export function cutOf(text: string): number | undefined {
  const middle = text.length / 2;
  const space = text.indexOf(' ', middle);
  if (space > 0) return space;
  const inMiddle = graphemes.segment(text).containing(Math.floor(middle));
  if (inMiddle === undefined) return undefined;
  const { index, segment } = inMiddle;
  if (index > 0) return index;
  return segment.length < text.length ? segment.length : undefined;
}
