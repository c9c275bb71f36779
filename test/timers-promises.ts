/** What the code takes from `node:timers/promises`, on the timers of the test: those of Node cannot be made virtual. */
export function setTimeout<T>(ms?: number, value?: T, { signal, ref = true }: Options = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      clearTimeout(timer);
      reject(new DOMException('The operation was aborted', { name: 'AbortError', cause: signal?.reason }));
    };
    const timer = globalThis.setTimeout(() => {
      signal?.removeEventListener('abort', aborted);
      resolve(value as T);
    }, ms);
    if (!ref) timer.unref();
    if (signal?.aborted === true) aborted();
    else signal?.addEventListener('abort', aborted, { once: true });
  });
}

export function setImmediate<T>(value?: T): Promise<T> {
  return new Promise((resolve) => globalThis.setImmediate(() => resolve(value as T)));
}

interface Options {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}
