/**
 * What may be logged of an error from a library or a server: its name and codes, never its message. LiveKit quotes whole
 * tokens in its messages, and others quote what people said.
 */
export function errorKind(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { status, code } = error as { status?: unknown; code?: unknown };
  const cause = error.cause instanceof Error ? ` caused by ${errorKind(error.cause)}` : '';
  return [error.name, textOf(status), textOf(code)].filter((part) => part !== '').join(' ') + cause;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
