import { orAborted } from './or-aborted.js';

/**
 * What the promise resolves to, or `otherwise` when that takes longer than `ms`, or when the signal aborts first. Nothing
 * of it stays at the signal.
 */
export async function withTimeout<T, O>(
  promise: Promise<T>,
  ms: number,
  otherwise: O,
  signal?: AbortSignal,
): Promise<T | O> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<O>((resolve) => {
    timer = setTimeout(resolve, ms, otherwise);
  });
  try {
    const first = Promise.race([promise, late]);
    return signal === undefined ? await first : await orAborted(first, signal, otherwise);
  } finally {
    clearTimeout(timer);
  }
}
