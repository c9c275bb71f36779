import * as facts from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';

/** What an extension builds on: tokens to provide or to ask for, and the facts it may listen to. */
export interface Toolkit<Engine> {
  /** Provide it, and it is the speech-to-text engine of every session. */
  readonly SpeechToText: Engine;
  /** Ask for it to listen: `events.on(facts.TranscriptReady, …)`. */
  readonly EventBus: typeof EventBus;
  readonly facts: typeof facts;
}

export const toolkit = <Engine>(SpeechToText: Engine): Toolkit<Engine> => ({ SpeechToText, EventBus, facts });
