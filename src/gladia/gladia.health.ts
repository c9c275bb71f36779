import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { ActiveEngine } from '../transcription/active-engine.js';
import { GladiaApi } from './api/gladia-api.js';
import { GladiaError } from './api/gladia-error.js';
import { GladiaLiveClient } from './gladia-live.client.js';
import { GladiaSettings } from './api/gladia-settings.js';
import type { SpeechState } from '../transcription/speech-to-text.js';
import { TranscriptionService } from '../transcription/transcription.service.js';

const TROUBLED: ReadonlySet<SpeechState> = new Set(['reconnecting', 'waiting-for-slot', 'refused']);

/**
 * Whether Gladia transcribes our audio. Never down, only `degraded`: audio is kept while Gladia is away, and a restart of
 * this service would lose it.
 */
@Injectable()
export class GladiaHealth {
  #probe: { readonly atMs: number; readonly problem: Promise<string | undefined> } | undefined;

  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly transcription: TranscriptionService,
    private readonly api: GladiaApi,
    private readonly settings: GladiaSettings,
    private readonly engine: ActiveEngine,
    private readonly client: GladiaLiveClient,
  ) {}

  async check(): Promise<HealthIndicatorResult> {
    const reports = this.transcription.reports();
    const troubled = reports.filter(({ state }) => TROUBLED.has(state));
    const isTranscribing = reports.some(({ state }) => state === 'live');
    const reason =
      troubled[0]?.reason ??
      (isTranscribing || !this.engine.uses(this.client) ? undefined : await this.#probeProblem());
    const numbers = { sessions: reports.length, troubledSessions: troubled.length };
    return this.indicator
      .check('gladia')
      .up({ state: reason === undefined ? 'up' : 'degraded', ...(reason !== undefined && { reason }), ...numbers });
  }

  /** Sends a probe, only while no session shows by itself how Gladia is, and not more often than `healthCacheMs`. */
  #probeProblem(): Promise<string | undefined> {
    const now = performance.now();
    if (this.#probe === undefined || now - this.#probe.atMs >= this.settings.timings.healthCacheMs) {
      this.#probe = { atMs: now, problem: this.#sendProbe() };
    }
    return this.#probe.problem;
  }

  async #sendProbe(): Promise<string | undefined> {
    try {
      await this.api.probe(new AbortController().signal);
      return undefined;
    } catch (error) {
      return error instanceof GladiaError ? error.reason : 'Gladia cannot be reached';
    }
  }
}
