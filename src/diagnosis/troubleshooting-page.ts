import { COMMON_FINDINGS, type Check, type Finding } from './check.js';

/** What is between these two lines of docs/troubleshooting.md is made from the table. */
const BEGIN = '<!-- rows: npm run docs:troubleshooting writes what follows -->';
const END = '<!-- /rows -->';

/** The page with its rows made from the table; the text around them is left alone. @throws Error without its marks */
export function troubleshootingPage(page: string, checks: readonly Check[]): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`the page lacks ${BEGIN} or ${END}`);
  return `${before}${BEGIN}\n\n${rowsText(checks)}\n\n${END}${after}`;
}

function rowsText(checks: readonly Check[]): string {
  const common = `### In any row\n\n${findingsText(COMMON_FINDINGS)}`;
  return [...checks.map(checkText), common].join('\n\n');
}

function checkText({ id, leg, question, findings }: Check): string {
  return `### \`${id}\`: ${question}\n\nLeg: ${leg}.\n\n${findingsText(findings)}`;
}

const findingsText = (findings: Readonly<Record<string, Finding>>): string =>
  Object.entries(findings)
    .map(([name, finding]) => findingText(name, finding))
    .join('\n');

function findingText(name: string, { state, meaning, remedy }: Finding): string {
  const line = `- **${state}**, \`${name}\`: ${meaning}`;
  return remedy === undefined ? line : `${line}\\\n  → ${remedy}`;
}
