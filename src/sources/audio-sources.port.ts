import { Injectable } from '@nestjs/common';
import type { AudioSource, AudioSourceName } from '../media/audio-source.js';

/** The audio sources of this process. Each registers itself in `onModuleInit`; the router chooses one for each track. */
@Injectable()
export class AudioSources {
  readonly #sources = new Map<AudioSourceName, AudioSource>();

  register(source: AudioSource): void {
    this.#sources.set(source.name, source);
  }

  /** Undefined when this process has no such source. */
  find(name: AudioSourceName): AudioSource | undefined {
    return this.#sources.get(name);
  }
}
