import type { WorldOptions } from './world.js';

export type SettingName = 'tuned' | 'slow' | 'pairs' | 'twoSlots' | 'oneVoice';

export interface Setting {
  readonly people: number;
  readonly world?: WorldOptions;
  /** Whether the source of the sound tells who speaks. Default true. */
  readonly namesSpeakers?: boolean;
}

/** Where people talk while a fault is injected; `tuned` is the usual one. */
export const SETTINGS: Readonly<Record<SettingName, Setting>> = {
  /** Self-hosted Egress with `latency_overrides`, a slot for everybody. */
  tuned: { people: 2 },
  /** Egress as LiveKit Cloud has it: three seconds of sound are on their way, and are lost with it. */
  slow: { people: 2, world: { latencyMs: 2_880 } },
  pairs: { people: 4, world: { env: { AUDIO_SOURCE: 'paired-egress' } } },
  twoSlots: {
    people: 4,
    world: { env: { EGRESS_MAX_CONCURRENT: '2', EGRESS_OVERFLOW: 'pair,queue' }, accountSlots: 2 },
  },
  oneVoice: { people: 2, world: { env: { AUDIO_SOURCE: 'room-egress' } }, namesSpeakers: false },
};
