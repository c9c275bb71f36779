import { beforeAll, describe, expect, it } from '@jest/globals';
import type { createElement } from 'react';
import { useDom } from './dom.spec-kit.js';
import { FakeRoom } from './fake-room.spec-kit.js';
import { MessageMaker } from './messages.spec-kit.js';
import type { useTranscript } from './react.js';

useDom();

describe('useTranscript', () => {
  let react: { createElement: typeof createElement; act: (work: () => void) => Promise<void> };
  let createRoot: (container: Element) => { render(node: unknown): void; unmount(): void };
  let hook: typeof useTranscript;

  beforeAll(async () => {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
    ({ default: react } = (await import('react')) as unknown as { default: typeof react });
    ({ createRoot } = (await import('react-dom/client')) as { createRoot: typeof createRoot });
    ({ useTranscript: hook } = await import('./react.js'));
  });

  it('renders after each change, and follows the room that it is given while it is mounted', async () => {
    const [first, second, make] = [new FakeRoom(), new FakeRoom(), new MessageMaker()];
    function Captions({ room }: { room: FakeRoom | undefined }): string {
      const { segments, status } = hook(room, { topic: 'captions' });
      return `${status.status}: ${segments.map(({ text }) => text).join(' ')}`;
    }
    const container = document.createElement('div');
    const root = createRoot(container);
    const show = (room?: FakeRoom): Promise<void> =>
      react.act(() => root.render(react.createElement(Captions as never, { room } as never)));

    await show();
    expect(container.textContent).toBe('waiting: ');
    await show(first);
    await react.act(() => first.receive(make.interim('a', 'hello'), 'captions'));
    expect(container.textContent).toBe('live: hello');
    await react.act(() => first.receive(make.transcript('a', 'Hello!', { revision: 2 }), 'captions'));
    expect(container.textContent).toBe('live: Hello!');

    await show(second);
    expect(container.textContent).toBe('waiting: ');
    expect(first.listenerCount('dataReceived')).toBe(0);
    await react.act(() => root.unmount());
    expect(second.listenerCount('dataReceived')).toBe(0);
  });
});
