import type { AudioSourceName, CarryWishes } from '../media/audio-source.js';
import type { AudioSources } from '../records/audio-sources.js';
import { BarredSources } from './barred-sources.js';
import type { CarriedLoad, CarriedTrack } from './carried-track.js';
import { Load } from './load.js';

/** The sources as one session asks them: what refuses is left alone for a while, with all tracks or with one. */
export class WillingSources {
  readonly #barred: BarredSources;

  /** @param onChange called when something that was carried is established, or is not carried after all */
  constructor(
    private readonly sources: AudioSources,
    nowMs: () => number,
    private readonly onChange: () => void,
  ) {
    this.#barred = new BarredSources(nowMs);
  }

  bars(name: AudioSourceName): boolean {
    return this.#barred.has(name);
  }

  bar(name: AudioSourceName): void {
    this.#barred.add(name);
  }

  /** Undefined when the source cannot, or is left alone for now; who would wait for a slot may ask it all the same. */
  carry(name: AudioSourceName, tracks: readonly CarriedTrack[], wishes: CarryWishes = {}): CarriedLoad | undefined {
    const { whenFull = 'refuse' } = wishes;
    const [first] = tracks;
    if (first === undefined || (whenFull === 'refuse' && this.#isBarred(name, tracks))) return undefined;
    const carriage = this.sources.find(name)?.carry(first.track, wishes);
    if (carriage === undefined) return undefined;
    const load = new Load(name, carriage, tracks);
    this.#follow(load);
    return load;
  }

  #isBarred(name: AudioSourceName, tracks: readonly CarriedTrack[]): boolean {
    return this.bars(name) || tracks.some(({ barred }) => barred.has(name));
  }

  #follow(load: CarriedLoad): void {
    void load.outcome().then(this.onChange);
    load.onRefused((reason, concerns) => {
      if (concerns === 'source') this.bar(load.source);
      if (concerns === 'track') for (const track of load.tracks) track.denied(load.source, reason);
      load.close('handed-over');
      this.onChange();
    });
  }
}
