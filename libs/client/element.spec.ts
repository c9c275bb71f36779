import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { useDom } from './dom.spec-kit.js';
import type { RoomscribeCaptions } from './element.js';
import { FakeRoom } from './fake-room.spec-kit.js';
import { createTranscript } from './index.js';
import { MessageMaker } from './messages.spec-kit.js';

useDom();

describe('<roomscribe-captions>', () => {
  beforeAll(() => import('./element.js'));
  afterEach(() => void jest.useRealTimers());

  function show(attributes: Record<string, string> = {}): {
    element: RoomscribeCaptions;
    room: FakeRoom;
    lines(): string[];
  } {
    const room = new FakeRoom();
    const element = document.createElement('roomscribe-captions');
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.transcript = createTranscript(room);
    document.body.append(element);
    const lines = (): string[] =>
      [...(element.shadowRoot?.querySelectorAll('p') ?? [])].map((line) => line.textContent);
    return { element, room, lines };
  }

  it('shows the last lines, translated where they are, as text and never as HTML', () => {
    const [{ element, room, lines }, make] = [show({ language: 'fr' }), new MessageMaker()];
    room.receive(make.transcript('a', 'One', { startMs: 1 }));
    room.receive(make.transcript('b', '<b>Two</b>', { startMs: 2 }));
    room.receive(make.interim('c', 'three', 1, { startMs: 3, speaker: null }));
    expect(lines()).toEqual(['Alice:<b>Two</b>', 'three']);
    room.receive(make.translation('b', 'fr', 'Deux'));
    expect(lines()).toEqual(['Alice:Deux', 'three']);
    element.setAttribute('lines', '3');
    expect(lines()).toHaveLength(3);
    element.transcript?.close();
    element.remove();
  });

  it('takes a line away when it has stood for a while, and leaves no timer behind', () => {
    jest.useFakeTimers();
    const [{ element, room, lines }, make] = [show(), new MessageMaker()];
    room.receive(make.transcript('a', 'Hello'));
    jest.advanceTimersByTime(7_000);
    expect(lines()).toEqual(['Alice:Hello']);
    jest.advanceTimersByTime(2_000);
    expect(lines()).toEqual([]);
    room.receive(make.transcript('b', 'Bye', { startMs: 5_000 }));
    expect(lines()).toEqual(['Alice:Bye']);
    element.remove();
    expect(jest.getTimerCount()).toBe(0);
    element.transcript?.close();
  });
});
