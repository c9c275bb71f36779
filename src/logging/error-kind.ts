/**
 * What may be logged of a foreign error: its kind and codes, never its message. LiveKit quotes whole tokens in its
 * messages, and others quote what people said.
 */
export function errorKind(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { status, code } = error as { status?: unknown; code?: unknown };
  const cause = error.cause instanceof Error ? ` caused by ${errorKind(error.cause)}` : '';
  return [error.name, plain(status), plain(code)].filter((part) => part !== '').join(' ') + cause;
}

const plain = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
