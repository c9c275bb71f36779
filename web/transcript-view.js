/**
 * The view of a session, reduced from its messages (libs/protocol/message.ts). The functions are pure: each returns a new
 * view, and the page only draws it.
 */

const TONES = 6;

export const emptyView = () => ({
  segments: new Map(),
  translations: new Map(),
  gaps: new Map(),
  status: undefined,
});

/** The view after one more message; late, duplicate and unknown messages change nothing. */
export function applyMessage(view, message) {
  switch (message.type) {
    case 'transcript':
      return withSegments(view, [message]);
    case 'snapshot':
      return withSnapshot(view, message);
    case 'translation':
      return withTranslation(view, message);
    case 'status':
      return withStatus(view, message);
    default:
      return view;
  }
}

/** The lines to show, in order of time. A final without text retracts its partial. */
export function linesOf(view) {
  const tones = tonesOf(view);
  const segments = [...view.segments.values()].filter(({ text }) => text !== '');
  return [...segments, ...view.gaps.values()]
    .sort((a, b) => a.startMs - b.startMs)
    .map((entry) => (entry.type === 'status' ? gapLine(entry) : spokenLine(entry, view, tones)));
}

function spokenLine(segment, view, tones) {
  return {
    id: segment.segmentId,
    state: segment.final ? 'final' : 'partial',
    speaker: speakerLabel(segment),
    tone: tones.get(segment.speaker?.identity),
    startedAt: segment.startedAt,
    text: segment.text,
    language: segment.language,
    translations: [...(view.translations.get(segment.segmentId) ?? [])].map(([language, text]) => ({ language, text })),
  };
}

function gapLine({ seq, message }) {
  return { id: `gap-${seq}`, state: 'gap', speaker: 'Not heard', text: message, translations: [] };
}

function withSegments(view, messages) {
  const fresh = messages.filter((message) => supersedes(message, view.segments.get(message.segmentId)));
  if (fresh.length === 0) return view;
  const segments = new Map(view.segments);
  for (const message of fresh) segments.set(message.segmentId, message);
  return { ...view, segments };
}

function withSnapshot(view, { segments, translations = [], statuses = [] }) {
  return [...translations, ...statuses].reduce(applyMessage, withSegments(view, segments));
}

function supersedes(message, known) {
  return known === undefined || (!known.final && message.revision > known.revision);
}

function withTranslation(view, { segmentId, language, text }) {
  const ofSegment = new Map(view.translations.get(segmentId)).set(language, text);
  return { ...view, translations: new Map(view.translations).set(segmentId, ofSegment) };
}

/** A gap is a place in the transcript; any other status is the current state. */
function withStatus(view, message) {
  if (message.status === 'gap' && message.startMs !== undefined) {
    return { ...view, gaps: new Map(view.gaps).set(message.seq, message) };
  }
  return { ...view, status: { kind: message.status, sentence: message.message } };
}

const nameOf = ({ name, identity }) => name || identity;

function speakerLabel({ speaker, candidates = [] }) {
  if (speaker) return nameOf(speaker);
  return candidates.length > 0 ? `${candidates.map(nameOf).join(' or ')}?` : 'Unknown speaker';
}

/** A colour for each speaker, in the order in which they first spoke. */
function tonesOf({ segments }) {
  const identities = new Set([...segments.values()].flatMap(({ speaker }) => speaker?.identity ?? []));
  return new Map([...identities].map((identity, index) => [identity, index % TONES]));
}
