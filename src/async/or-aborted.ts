/**
 * Resolves like the promise, or with `otherwise` when the signal aborts first. Removes its listener from the signal, which
 * may live for hours.
 */
export async function orAborted<T, O = undefined>(
  promise: Promise<T>,
  signal: AbortSignal,
  otherwise?: O,
): Promise<T | O>;
export async function orAborted<T, O>(promise: Promise<T>, signal: AbortSignal, otherwise: O): Promise<T | O> {
  if (signal.aborted) return otherwise;
  let giveUp = (): void => undefined;
  const aborted = new Promise<O>((resolve) => {
    giveUp = () => {
      resolve(otherwise);
    };
    signal.addEventListener('abort', giveUp);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
