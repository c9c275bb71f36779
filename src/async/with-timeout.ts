import { orAborted } from './or-aborted.js';

/** Resolves like the promise, or with `otherwise` when that takes longer than `ms` or the signal aborts first. */
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
