import type { AudioSourceName, SubscribeOptions } from '../media/audio-source.js';
import type { AudioSources } from './audio-sources.port.js';
import { SourceCooldowns } from './source-cooldowns.js';
import type { TrackAssignment, RoutedTrack } from './routed-track.js';
import { Assignment } from './assignment.js';

/** The audio sources as one session uses them: a source that refused is not tried for a while, for all tracks or for one. */
export class AvailableSources {
  readonly #cooldowns: SourceCooldowns;

  /** @param onChange called when a subscription is established, or failed */
  constructor(
    private readonly sources: AudioSources,
    nowMs: () => number,
    private readonly onChange: () => void,
  ) {
    this.#cooldowns = new SourceCooldowns(nowMs);
  }

  isOnCooldown(name: AudioSourceName): boolean {
    return this.#cooldowns.has(name);
  }

  coolDown(name: AudioSourceName): void {
    this.#cooldowns.start(name);
  }

  /** Undefined when the source cannot subscribe, or is on cooldown; a request that queues for a slot ignores cooldowns. */
  subscribe(
    name: AudioSourceName,
    tracks: readonly RoutedTrack[],
    options: SubscribeOptions = {},
  ): TrackAssignment | undefined {
    const { whenFull = 'refuse' } = options;
    const [first] = tracks;
    if (first === undefined || (whenFull === 'refuse' && this.#isOnCooldownFor(name, tracks))) return undefined;
    const subscription = this.sources.find(name)?.subscribe(first.track, options);
    if (subscription === undefined) return undefined;
    const assignment = new Assignment(name, subscription, tracks);
    this.#watch(assignment);
    return assignment;
  }

  #isOnCooldownFor(name: AudioSourceName, tracks: readonly RoutedTrack[]): boolean {
    return this.isOnCooldown(name) || tracks.some(({ cooldowns }) => cooldowns.has(name));
  }

  #watch(assignment: TrackAssignment): void {
    void assignment.outcome().then(this.onChange);
    assignment.onRefused((reason, scope) => {
      if (scope === 'source') this.coolDown(assignment.source);
      if (scope === 'track') for (const track of assignment.tracks) track.refusedBy(assignment.source, reason);
      assignment.close('handed-over');
      this.onChange();
    });
  }
}
