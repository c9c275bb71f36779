import type { AudioSourceName, SubscribeOptions } from '../media/audio-source.js';
import type { AudioSources } from './audio-sources.port.js';
import { SourceCooldowns } from './source-cooldowns.js';
import type { TrackAssignment, RoutedTrack } from './routed-track.js';
import { Assignment } from './assignment.js';

/** The sources as one session asks them: what refuses is left alone for a while, with all tracks or with one. */
export class AvailableSources {
  readonly #barred: SourceCooldowns;

  /** @param onChange called when something that was carried is established, or is not carried after all */
  constructor(
    private readonly sources: AudioSources,
    nowMs: () => number,
    private readonly onChange: () => void,
  ) {
    this.#barred = new SourceCooldowns(nowMs);
  }

  isOnCooldown(name: AudioSourceName): boolean {
    return this.#barred.has(name);
  }

  coolDown(name: AudioSourceName): void {
    this.#barred.start(name);
  }

  /** Undefined when the source cannot, or is left alone for now; who would wait for a slot may ask it all the same. */
  subscribe(
    name: AudioSourceName,
    tracks: readonly RoutedTrack[],
    wishes: SubscribeOptions = {},
  ): TrackAssignment | undefined {
    const { whenFull = 'refuse' } = wishes;
    const [first] = tracks;
    if (first === undefined || (whenFull === 'refuse' && this.#isBarred(name, tracks))) return undefined;
    const carriage = this.sources.find(name)?.subscribe(first.track, wishes);
    if (carriage === undefined) return undefined;
    const load = new Assignment(name, carriage, tracks);
    this.#follow(load);
    return load;
  }

  #isBarred(name: AudioSourceName, tracks: readonly RoutedTrack[]): boolean {
    return this.isOnCooldown(name) || tracks.some(({ cooldowns }) => cooldowns.has(name));
  }

  #follow(load: TrackAssignment): void {
    void load.outcome().then(this.onChange);
    load.onRefused((reason, concerns) => {
      if (concerns === 'source') this.coolDown(load.source);
      if (concerns === 'track') for (const track of load.tracks) track.refusedBy(load.source, reason);
      load.close('handed-over');
      this.onChange();
    });
  }
}
