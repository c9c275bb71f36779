import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { fixRandomness, restoreRandomness } from './fixed-randomness.js';
import { isInput, outputsOf, readRecording, writeRecording, type Line, type Recording } from './recording.js';
import { loadRecording, PATIENCE_MS, recordingNames } from './recordings.js';

fixRandomness();
const { difference } = await import('./difference.js');
const { replay } = await import('./player.js');
const { scenarios } = await import('./scenarios/all.js');

/** The recording with its inputs changed, in some lines. */
function changed({ header, lines }: Recording, change: (line: Line) => Line | undefined): Recording {
  const changedLines = lines.map((line) => (isInput(line) ? change(line) : line));
  return { header, lines: changedLines.filter((line) => line !== undefined) };
}

const isPartial = (line: Line): boolean => JSON.stringify(line).includes('"is_final":false');

jest.setTimeout(PATIENCE_MS);

describe('a replay', () => {
  const recording = loadRecording('talk-turns');
  const replayed = async (change: (line: Line) => Line | undefined): Promise<string> => {
    const found = difference(recording, await replay(changed(recording, change)));
    return found ?? 'nothing differs';
  };

  afterAll(restoreRandomness);

  it('writes the same bytes, run after run', async () => {
    const text = writeRecording(await replay(recording));
    expect(text).toBe(writeRecording(recording));
    expect(writeRecording(await replay(readRecording(text)))).toBe(text);
  });

  it('notices a word that begins 1 ms later', async () => {
    const found = await replayed((line) => {
      const text = JSON.stringify(line).replaceAll(
        /(" Good","start":\d+\.\d\d)(\d)/g,
        (_, before: string, last: string) => {
          return `${before}${(Number(last) + 1) % 10}`;
        },
      );
      return JSON.parse(text) as Line;
    });
    expect(found).toContain('partial of alice: "Good"');
    expect(found).toMatch(/recorded .*\n.*replayed .*\n.*became/);
  });

  it('notices a partial that does not come', async () => {
    let dropped = 0;
    const found = await replayed((line) => (isPartial(line) && dropped++ === 1 ? undefined : line));
    expect(dropped).toBeGreaterThan(1);
    expect(found).toContain('differs');
  });

  it('notices a sample of sound that is another', async () => {
    const found = await replayed((line) =>
      isInput(line) && line.do === 'talk' && line.of === 'bob-1' ? { ...line, gain: 0.999 } : line,
    );
    expect(found).toMatch(/recorded .* bytes of sound/);
  });

  it('notices an output that is missing in the recording, and one too many', () => {
    const [first] = outputsOf(recording);
    const less = { ...recording, lines: recording.lines.filter((line) => line !== first) };
    expect(difference(less, recording)).toContain('ListEgress');
    expect(difference(recording, less)).toContain('ListEgress');
    expect(difference({ ...recording, lines: recording.lines.slice(0, -1) }, recording)).toContain('nothing');
  });

  it('refuses a file of another format', () => {
    expect(() => readRecording('{"replay":99}\n')).toThrow('no recording of format');
  });
});

describe('the recordings', () => {
  it('are those of the scenarios', () => {
    expect(recordingNames()).toEqual(scenarios.map(({ name }) => name).sort());
  });
});
