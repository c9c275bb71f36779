import { decode } from '../../protocol/codec.js';
import type { Message } from '../../protocol/message.js';
import type { LiveKitSandbox } from '../livekit/livekit-sandbox.js';
import { castIdentities, displayName, type Voice } from './cast.js';

/** The room of the demo: three people with a microphone each, and one who only listens. */
export class DemoRoom {
  readonly voices = new Map<string, Voice>();
  /** What the listener received on the data channel, in the order in which it came. */
  readonly received: Message[] = [];
  readonly #leave: (() => void)[] = [];

  constructor(livekit: LiveKitSandbox, name: string) {
    const room = livekit.room(name);
    const listener = room.join({ identity: 'listener', name: 'Listener' });
    listener.onData(({ payload }) => this.received.push(decode(payload)));
    this.#leave.push(() => listener.leave());
    for (const identity of castIdentities()) {
      const participant = room.join({ identity, name: displayName(identity) });
      this.voices.set(identity, participant.publish());
      this.#leave.push(() => participant.leave());
    }
  }

  /** Everybody leaves. */
  close(): void {
    for (const leave of this.#leave) leave();
  }
}
