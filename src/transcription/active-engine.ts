import { Inject, Injectable, Optional } from '@nestjs/common';
import { SpeechToText, type SpeechListener, type SpeechRequest, type SpeechStream } from './speech-to-text.js';

/** The engine that transcribes the sessions: that of an extension, or else the driver that registered itself. */
@Injectable()
export class ActiveEngine extends SpeechToText {
  #driver: SpeechToText | undefined;

  constructor(@Optional() @Inject(SpeechToText) private readonly extension?: SpeechToText) {
    super();
  }

  /** Called by each driver's module when it starts. */
  register(driver: SpeechToText): void {
    this.#driver = driver;
  }

  uses(engine: SpeechToText): boolean {
    return this.#engine === engine;
  }

  override open(request: SpeechRequest, listener: SpeechListener): SpeechStream {
    return this.#engine.open(request, listener);
  }

  get #engine(): SpeechToText {
    const engine = this.extension ?? this.#driver;
    if (engine === undefined) throw new Error('no speech-to-text engine is registered');
    return engine;
  }
}
