import type { Scenario } from '../record.js';
import { egressScenarios } from './egress.js';
import { gladiaScenarios } from './gladia.js';
import { liveKitScenarios } from './livekit.js';
import { peopleScenarios } from './people.js';
import { roomScenarios } from './room.js';
import { serviceScenarios } from './service.js';
import { speechScenarios } from './speech.js';

/** Every session that is recorded. */
export const scenarios: readonly Scenario[] = [
  ...peopleScenarios,
  ...gladiaScenarios,
  ...egressScenarios,
  ...liveKitScenarios,
  ...roomScenarios,
  ...serviceScenarios,
  ...speechScenarios,
];
