import * as events from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { TranscriptHooks } from '../publisher/transcript-hooks.port.js';

/** An extension asks for something that the toolkit no longer has. The message says what to use instead. */
export class ObsoleteToolkit extends Error {}

/** The API for extensions: the tokens that they provide or inject, and the events that they can listen to. */
export interface Toolkit<Engine> {
  /** Provide it in a global module, and it is the speech-to-text engine of every session. */
  readonly SpeechToText: Engine;
  /** Inject it to listen: `bus.on(events.MessagePublished, …)`. */
  readonly EventBus: typeof EventBus;
  readonly events: typeof events;
  /** Inject it to change or hold back what is about to be published: `hooks.add({ segment: … })`. */
  readonly TranscriptHooks: typeof TranscriptHooks;
}

export const toolkit = <Engine>(SpeechToText: Engine): Toolkit<Engine> => {
  const kit = { SpeechToText, EventBus, events, TranscriptHooks };
  Object.defineProperty(kit, 'facts', {
    get: () => {
      throw new ObsoleteToolkit(
        'uses `facts`, which is gone: listen to `events.MessagePublished`, which carries each message as the room gets it, ' +
          'in place of `facts.TranscriptReady`',
      );
    },
  });
  return kit;
};
