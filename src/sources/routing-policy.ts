import type { Config } from '../config/config.js';
import type { AudioSourceChoice } from '../media/audio-source.js';

/** What can be done for a track that nobody carries yet. */
export type RoutingStep = 'egress' | Config['egress']['overflow'][number];

/** How the tracks of a session are to be carried. */
export interface RoutingPolicy {
  /** Tried in this order for each track. */
  readonly steps: readonly RoutingStep[];
  /** Whether two tracks share an egress wherever they can, not only where slots run short. */
  readonly alwaysPairs: boolean;
  /** Whether one egress carries the whole room from the start. */
  readonly wholeRoom: boolean;
}

const ORDINARY = { pairsAlways: false, wholeRoom: false };

/** @param overflow what follows where Egress is full, as it is configured */
export function routingPolicy(choice: AudioSourceChoice, overflow: readonly Exclude<RoutingStep, 'egress'>[]): RoutingPolicy {
  switch (choice) {
    case 'egress':
      return { ...ORDINARY, steps: ['egress', ...overflow] };
    case 'paired-egress':
      return { ...ORDINARY, steps: ['egress', 'pair', ...without(overflow, 'pair')], alwaysPairs: true };
    case 'room-egress':
      return { ...ORDINARY, steps: ['room-egress', ...without(overflow, 'pair', 'room-egress')], wholeRoom: true };
    case 'participant':
      return { ...ORDINARY, steps: ['participant', 'reject'] };
    case 'auto':
      return { ...ORDINARY, steps: ['egress', 'pair', 'participant', 'queue'] };
  }
}

const without = (ways: readonly RoutingStep[], ...left: readonly RoutingStep[]): RoutingStep[] => ways.filter((way) => !left.includes(way));
