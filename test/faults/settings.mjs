/** Where people talk while a fault strikes. Every kind of fault names one of these; `tuned` is the usual one. */
export const SETTINGS = {
  /** Self-hosted Egress with `latency_overrides`, a slot for everybody. */
  tuned: { people: 2 },
  /** Egress as LiveKit Cloud has it: three seconds of sound are on their way, and die with it. */
  slow: { people: 2, world: { latencyMs: 2_880 } },
  pairs: { people: 4, world: { env: { AUDIO_SOURCE: 'paired-egress' } } },
  twoSlots: {
    people: 4,
    world: { env: { EGRESS_MAX_CONCURRENT: '2', EGRESS_OVERFLOW: 'pair,queue' }, accountSlots: 2 },
  },
  oneVoice: { people: 2, world: { env: { AUDIO_SOURCE: 'room-egress' } }, namesSpeakers: false },
};
