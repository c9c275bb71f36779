import type { EgressConfig } from '../config/namespaces.js';
import type { AudioSourceChoice } from '../media/audio-source.js';

/** What can be done for a track that nobody carries yet. */
export type Way = 'egress' | EgressConfig['overflow'][number];

/** How the tracks of a session are to be carried. */
export interface RoutingPolicy {
  /** Tried in this order for each track. */
  readonly ways: readonly Way[];
  /** Whether two tracks share an egress wherever they can, not only where slots run short. */
  readonly pairsAlways: boolean;
  /** Whether one egress carries the whole room from the start. */
  readonly wholeRoom: boolean;
}

const ORDINARY = { pairsAlways: false, wholeRoom: false };

/** @param overflow what follows where Egress is full, as it is configured */
export function routingPolicy(choice: AudioSourceChoice, overflow: readonly Exclude<Way, 'egress'>[]): RoutingPolicy {
  switch (choice) {
    case 'egress':
      return { ...ORDINARY, ways: ['egress', ...overflow] };
    case 'paired-egress':
      return { ...ORDINARY, ways: ['egress', 'pair', ...without(overflow, 'pair')], pairsAlways: true };
    case 'room-egress':
      return { ...ORDINARY, ways: ['room-egress', ...without(overflow, 'pair', 'room-egress')], wholeRoom: true };
    case 'participant':
      return { ...ORDINARY, ways: ['participant', 'reject'] };
    case 'auto':
      return { ...ORDINARY, ways: ['egress', 'pair', 'participant', 'queue'] };
  }
}

const without = (ways: readonly Way[], ...left: readonly Way[]): Way[] => ways.filter((way) => !left.includes(way));
