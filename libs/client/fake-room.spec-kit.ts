import { EventEmitter } from 'node:events';
import type { Message } from './messages.js';

/** Stands in for a joined LiveKit room: the test sends what would arrive in it. */
export class FakeRoom extends EventEmitter {
  readonly attributes: Record<string, string> = {};

  constructor(readonly name = 'room') {
    super();
  }

  readonly localParticipant = {
    setAttributes: (attributes: Record<string, string>): Promise<void> => {
      Object.assign(this.attributes, attributes);
      return Promise.resolve();
    },
  };

  /** A packet of the service, which has no sender. */
  receive(message: Message, topic = 'transcription'): void {
    this.emit('dataReceived', new TextEncoder().encode(JSON.stringify(message)), undefined, 0, topic);
  }

  /** A packet that a participant has published. */
  receiveFrom(identity: string, message: Message): void {
    this.emit('dataReceived', new TextEncoder().encode(JSON.stringify(message)), { identity }, 0, 'transcription');
  }
}
