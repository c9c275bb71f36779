import { Injectable, Optional } from '@nestjs/common';
import { GladiaApi } from './api/gladia-api.js';
import { GladiaSettings } from './api/gladia-settings.js';
import { GladiaStream } from './stream/gladia-stream.js';
import { RemoteSessionCleanup } from './stream/remote-session-cleanup.js';
import { ServerObservations } from './stream/server-observations.js';
import { SessionSlots } from './stream/session-slots.js';
import {
  SpeechToText,
  type SpeechListener,
  type SpeechRequest,
  type SpeechStream,
} from '../transcription/speech-to-text.js';

/** Speech to text by Gladia's live API, version 2. */
@Injectable()
export class GladiaLiveClient extends SpeechToText {
  readonly #slots: SessionSlots;
  readonly #habits = new ServerObservations();

  constructor(
    private readonly settings: GladiaSettings,
    private readonly api: GladiaApi,
    @Optional() private readonly leftovers: RemoteSessionCleanup = new RemoteSessionCleanup(api, settings),
  ) {
    super();
    this.#slots = new SessionSlots(settings.account.maxSessions ?? Infinity);
  }

  override open(request: SpeechRequest, listener: SpeechListener): SpeechStream {
    const { settings, api, leftovers } = this;
    const stream = new GladiaStream(settings, api, this.#slots, leftovers, this.#habits, request, listener);
    stream.start();
    return stream;
  }
}
