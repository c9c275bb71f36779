import { Inject, Injectable, Optional } from '@nestjs/common';
import { Interval } from '../async/interval.js';
import { egressConfig, type EgressConfig } from '../config/namespaces.js';
import { TrackSpeechActivity } from '../media/track-speech-activity.js';
import { EgressSlots } from './egress-slots.port.js';
import type { EgressRun } from './egress-run.js';
import { EgressService } from './egress.service.js';

const CHECK_EVERY_MS = 1_000;

/**
 * While tracks queue for a slot, releases those of the tracks that have been silent longest: one for each that queues. Where
 * somebody who has none waits for who holds several, one of these is released even if it is not silent.
 */
@Injectable()
export class SlotRelease {
  /** Those that still drain, so that their slot is not free yet. */
  readonly #yielding = new Set<EgressRun>();

  constructor(
    @Inject(egressConfig.KEY) private readonly config: EgressConfig,
    private readonly egress: EgressService,
    private readonly slots: EgressSlots,
    @Optional() @Inject(TrackSpeechActivity) private readonly speechActivity?: TrackSpeechActivity,
  ) {}

  @Interval(CHECK_EVERY_MS)
  releaseSlots(): void {
    if (this.slots.waiting <= this.#yielding.size) return;
    const running = this.egress.runs
      .all()
      .filter((run) => run.receiving && !run.closing && !this.#yielding.has(run))
      .map((run) => ({ run, silentMs: this.#silentMs(run) }))
      .sort((a, b) => b.silentMs - a.silentMs);
    const silent = running.filter(({ silentMs }) => silentMs >= this.config.idleReleaseMs);
    for (const { run } of silent.slice(0, this.slots.waiting - this.#yielding.size)) this.#yield(run);
    if (this.#yielding.size > 0) return;
    const over = this.slots.overHolder();
    const unfair = over && running.find(({ run }) => isHeldBy(run, over));
    if (unfair !== undefined) this.#yield(unfair.run);
  }

  #yield(run: EgressRun): void {
    this.#yielding.add(run);
    void run.yieldSlot().then(() => this.#yielding.delete(run));
  }

  /** Of a pair, the shorter silence of the two. */
  #silentMs({ sessionId, trackSids }: EgressRun): number {
    return Math.min(...trackSids.map((trackSid) => this.speechActivity?.silentForMs(sessionId, trackSid) ?? 0));
  }
}

const isHeldBy = ({ holder }: EgressRun, { sessionId, identity }: { sessionId: string; identity?: string }): boolean =>
  holder.sessionId === sessionId && (identity === undefined || holder.identity === identity);
