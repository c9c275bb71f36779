import { Injectable, Optional } from '@nestjs/common';
import { GladiaApi } from './gladia-api.js';
import { GladiaSettings } from './gladia-settings.js';
import { GladiaStream } from './gladia-stream.js';
import { Leftovers } from './leftovers.js';
import { Slots } from './slots.js';
import { SpeechToText, type SpeechListener, type SpeechRequest, type SpeechStream } from './speech-to-text.js';

/** Speech to text by Gladia's live API, version 2. */
@Injectable()
export class GladiaLiveClient extends SpeechToText {
  readonly #slots: Slots;

  constructor(
    private readonly settings: GladiaSettings,
    private readonly api: GladiaApi,
    @Optional() private readonly leftovers: Leftovers = new Leftovers(api, settings),
  ) {
    super();
    this.#slots = new Slots(settings.account.maxSessions ?? Infinity);
  }

  override open(request: SpeechRequest, listener: SpeechListener): SpeechStream {
    const stream = new GladiaStream(this.settings, this.api, this.#slots, this.leftovers, request, listener);
    stream.start();
    return stream;
  }
}
