const NEAR_MS = 3_000;

const plain = (text) => text.toLowerCase().match(/[\p{L}\p{N}'’-]+/gu) ?? [];

/**
 * Holds what was received against what was said, word for word and person for person.
 * A missing word is `named` when a `gap` message speaks of its time, `lost` when none does.
 */
export function account(said, received) {
  const messages = received.map(({ message }) => message).filter(({ type }) => type !== 'snapshot');
  const finals = messages.filter(({ type, final, text }) => type === 'transcript' && final && text !== '');
  const liveAtMs = finals.length > 0 ? Date.parse(finals[0].startedAt) - finals[0].startMs : 0;
  const gaps = messages
    .filter(({ status, endMs }) => status === 'gap' && endMs !== undefined)
    .map(({ startMs, endMs }) => ({ fromMs: liveAtMs + startMs - NEAR_MS, toMs: liveAtMs + endMs + NEAR_MS }));
  const total = { words: 0, saidMs: 0, lostMs: 0, namedMs: 0, doubledWords: 0, misnamedWords: 0 };
  for (const identity of new Set(said.map((one) => one.identity))) {
    const spoken = said.filter((one) => one.identity === identity).flatMap(({ words }) => words);
    const heard = finals
      .filter(({ speaker }) => speaker?.identity === identity)
      .sort((a, b) => a.startMs - b.startMs)
      .flatMap(({ text }) => plain(text));
    addPerson(total, spoken, heard, gaps);
  }
  return { ...total, finals: finals.length, ...numbering(messages) };
}

function addPerson(total, spoken, heard, gaps) {
  const expected = spoken.flatMap((word) => plain(word.text).map((text) => ({ ...word, text })));
  const { missing, extra } = align(expected, heard);
  for (const word of expected) total.saidMs += word.endMs - word.startMs;
  for (const word of missing) {
    const named = gaps.some(({ fromMs, toMs }) => word.startMs >= fromMs && word.endMs <= toMs);
    total[named ? 'namedMs' : 'lostMs'] += word.endMs - word.startMs;
  }
  total.words += expected.length;
  total.doubledWords += extra;
}

/** The longest common subsequence tells which words are missing, and how many came that nobody said. */
function align(expected, heard) {
  const rows = Array.from({ length: expected.length + 1 }, () => new Uint16Array(heard.length + 1));
  for (let i = expected.length - 1; i >= 0; i--)
    for (let j = heard.length - 1; j >= 0; j--)
      rows[i][j] = expected[i].text === heard[j] ? rows[i + 1][j + 1] + 1 : Math.max(rows[i + 1][j], rows[i][j + 1]);
  const missing = [];
  let extra = 0;
  for (let i = 0, j = 0; i < expected.length || j < heard.length;) {
    if (i < expected.length && j < heard.length && expected[i].text === heard[j]) {
      i++;
      j++;
    } else if (j >= heard.length || (i < expected.length && rows[i + 1][j] >= rows[i][j + 1]))
      missing.push(expected[i++]);
    else {
      extra++;
      j++;
    }
  }
  return { missing, extra };
}

/** Numbers that are missing or came twice, and finals that came twice. */
function numbering(messages) {
  const seqs = messages.map(({ seq }) => seq);
  const doubledSeqs = seqs.length - new Set(seqs).size;
  const missingSeqs = seqs.length === 0 ? 0 : Math.max(...seqs) - Math.min(...seqs) + 1 - new Set(seqs).size;
  const finalIds = messages.filter(({ final }) => final).map(({ segmentId }) => segmentId);
  return { doubledSeqs, missingSeqs, doubledFinals: finalIds.length - new Set(finalIds).size };
}

/** How long after `sinceMs` the first words came that were spoken after it; undefined when none did. */
export function recoveryMs(received, sinceMs) {
  const first = received.find(
    ({ atMs, message }) => atMs > sinceMs && message.type === 'transcript' && Date.parse(message.startedAt) >= sinceMs,
  );
  return first && first.atMs - sinceMs;
}
