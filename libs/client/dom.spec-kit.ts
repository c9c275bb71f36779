import { afterAll, beforeAll } from '@jest/globals';
import { Window } from 'happy-dom';

const GLOBALS = ['window', 'document', 'customElements', 'HTMLElement', 'CSSStyleSheet', 'navigator'] as const;

/** From here on the tests of the file have a document, as in a browser. */
export function useDom(): void {
  const saved = new Map<string, PropertyDescriptor | undefined>();
  let window: Window | undefined;

  beforeAll(() => {
    window = new Window({ url: 'http://localhost/' });
    for (const name of GLOBALS) {
      saved.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
      const value: unknown = name === 'window' ? window : window[name];
      Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
    }
  });

  afterAll(async () => {
    for (const [name, descriptor] of saved) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
    await window?.happyDOM.close();
  });
}
