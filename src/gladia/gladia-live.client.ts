import { Injectable, Optional } from '@nestjs/common';
import {
  SpeechToText,
  type SpeechListener,
  type SpeechRequest,
  type SpeechStream,
} from '../transcription/speech-to-text.js';
import { GladiaApi } from './api/gladia-api.js';
import { GladiaSettings } from './api/gladia-settings.js';
import { ServerObservations } from './stream/gladia-connection.js';
import { GladiaStream } from './stream/gladia-stream.js';
import { RemoteSessionCleanup } from './stream/remote-session-cleanup.js';
import type { GladiaAccess } from './stream/session-creator.js';
import { SessionSlots } from './stream/session-slots.js';

/** Speech to text by Gladia's live API, version 2. */
@Injectable()
export class GladiaLiveClient extends SpeechToText {
  readonly #access: GladiaAccess;

  constructor(
    settings: GladiaSettings,
    api: GladiaApi,
    @Optional() cleanup: RemoteSessionCleanup = new RemoteSessionCleanup(api, settings),
  ) {
    super();
    const slots = new SessionSlots(settings.account.maxSessions ?? Infinity);
    this.#access = { settings, api, slots, cleanup, server: new ServerObservations() };
  }

  override open(request: SpeechRequest, listener: SpeechListener): SpeechStream {
    const stream = new GladiaStream(this.#access, request, listener);
    stream.start();
    return stream;
  }
}
