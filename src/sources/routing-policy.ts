import type { EgressConfig } from '../config/namespaces.js';
import type { AudioSourceChoice } from '../media/audio-source.js';

/** What can be tried for a track that no source receives yet. */
export type RoutingStep = 'egress' | EgressConfig['overflow'][number];

/** How the tracks of a session are routed to audio sources. */
export interface RoutingPolicy {
  /** Tried in this order for each track. */
  readonly steps: readonly RoutingStep[];
  /** Whether two tracks share an egress wherever they can, not only when slots run short. */
  readonly alwaysPairs: boolean;
  /** Whether one egress receives the whole room from the start. */
  readonly wholeRoom: boolean;
}

const SINGLE_TRACKS = { alwaysPairs: false, wholeRoom: false };

/** @param overflow the configured steps for when no egress slot is free */
export function routingPolicy(
  choice: AudioSourceChoice,
  overflow: readonly Exclude<RoutingStep, 'egress'>[],
): RoutingPolicy {
  switch (choice) {
    case 'egress':
      return { ...SINGLE_TRACKS, steps: ['egress', ...overflow] };
    case 'paired-egress':
      return { ...SINGLE_TRACKS, steps: ['egress', 'pair', ...without(overflow, 'pair')], alwaysPairs: true };
    case 'room-egress':
      return { ...SINGLE_TRACKS, steps: ['room-egress', ...without(overflow, 'pair', 'room-egress')], wholeRoom: true };
    case 'participant':
      return { ...SINGLE_TRACKS, steps: ['participant', 'reject'] };
    case 'auto':
      return { ...SINGLE_TRACKS, steps: ['egress', 'pair', 'participant', 'queue'] };
  }
}

const without = (steps: readonly RoutingStep[], ...removed: readonly RoutingStep[]): RoutingStep[] =>
  steps.filter((step) => !removed.includes(step));
