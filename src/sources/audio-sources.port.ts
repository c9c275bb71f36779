import { Injectable } from '@nestjs/common';
import type { AudioSource, AudioSourceName } from '../media/audio-source.js';

/**
 * The sources of sound that are built into this process. Each adds itself in `onModuleInit`; which one carries a track is
 * decided by the sources module.
 */
@Injectable()
export class AudioSources {
  readonly #sources = new Map<AudioSourceName, AudioSource>();

  add(source: AudioSource): void {
    this.#sources.set(source.name, source);
  }

  /** Undefined when this process has no such source. */
  find(name: AudioSourceName): AudioSource | undefined {
    return this.#sources.get(name);
  }
}
