import { Inject, Injectable, Optional, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Config } from '../config/config.js';
import { TrackSpeechActivity } from '../media/track-speech-activity.js';
import { EgressSlots } from './egress-slots.port.js';
import type { EgressRun } from './egress-run.js';
import { EgressService } from './egress.service.js';

const LOOK_EVERY_MS = 1_000;

/** While tracks wait for a slot, takes one from who has been silent longest, and long enough. One at a time for each that waits. */
@Injectable()
export class IdleRelease implements OnModuleInit, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  /** Those whose slot is not free yet: Egress drains first. */
  readonly #yielding = new Set<EgressRun>();

  constructor(
    private readonly config: Config,
    private readonly egress: EgressService,
    private readonly slots: EgressSlots,
    @Optional() @Inject(TrackSpeechActivity) private readonly voices?: TrackSpeechActivity,
  ) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => this.releaseIdle(), LOOK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** The timer's turn. */
  releaseIdle(): void {
    if (this.slots.waiting <= this.#yielding.size) return;
    const idle = this.egress.runs
      .all()
      .filter((run) => run.receiving && !run.closing && !this.#yielding.has(run))
      .map((run) => ({ run, silentMs: this.#silentMs(run) }))
      .filter(({ silentMs }) => silentMs >= this.config.egress.idleReleaseMs)
      .sort((a, b) => b.silentMs - a.silentMs);
    for (const { run } of idle.slice(0, this.slots.waiting - this.#yielding.size)) {
      this.#yielding.add(run);
      void run.yieldSlot().then(() => this.#yielding.delete(run));
    }
  }

  /** A pair is as silent as the one of the two who spoke last. */
  #silentMs({ sessionId, trackSids }: EgressRun): number {
    return Math.min(...trackSids.map((trackSid) => this.voices?.silentForMs(sessionId, trackSid) ?? 0));
  }
}
