const HEAD = ['fault', 'words', 'lost s', 'in named gaps s', 'words again after s', 'doubled'];

/** The rows as a Markdown table. */
export function table(rows) {
  const lines = [HEAD, HEAD.map((_, n) => (n === 0 ? '---' : '---:')), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function cells({ name, error, words, lostS, namedS, recoveryS, ...row }) {
  if (error !== undefined) return [name, ...HEAD.slice(1).map(() => '-')];
  const doubled = row.doubledWords + row.doubledFinals + row.doubledSeqs + row.doubledEgresses;
  return [name, words, lostS, namedS, recoveryS ?? 'never', doubled];
}
