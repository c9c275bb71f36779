import { Injectable, Optional } from '@nestjs/common';
import { GladiaApi } from './gladia-api.js';
import { GladiaSettings } from './gladia-settings.js';
import { GladiaStream } from './gladia-stream.js';
import { Leftovers } from './leftovers.js';
import { ServerHabits } from './server-habits.js';
import { Slots } from './slots.js';
import { SpeechToText, type SpeechListener, type SpeechRequest, type SpeechStream } from './speech-to-text.js';

/** Speech to text by Gladia's live API, version 2. */
@Injectable()
export class GladiaLiveClient extends SpeechToText {
  readonly #slots: Slots;
  readonly #habits = new ServerHabits();

  constructor(
    private readonly settings: GladiaSettings,
    private readonly api: GladiaApi,
    @Optional() private readonly leftovers: Leftovers = new Leftovers(api, settings),
  ) {
    super();
    this.#slots = new Slots(settings.account.maxSessions ?? Infinity);
  }

  override open(request: SpeechRequest, listener: SpeechListener): SpeechStream {
    const { settings, api, leftovers } = this;
    const stream = new GladiaStream(settings, api, this.#slots, leftovers, this.#habits, request, listener);
    stream.start();
    return stream;
  }
}
