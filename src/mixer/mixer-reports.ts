import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { MixerService } from './mixer.service.js';

/** Reports the mix and its tracks in `GET /sessions/{id}`, and the lost audio in `GET /metrics`. */
@Injectable()
export class MixerReports implements OnModuleInit {
  constructor(
    private readonly reports: SessionReports,
    private readonly mixer: MixerService,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.metrics.total(
      'track_missing_audio_seconds_total',
      'audio of tracks that never arrived, or came faster than it could be buffered',
      () => this.mixer.lostMs / 1000,
    );
    this.reports.add((sessionId) => {
      const counters = this.mixer.counters(sessionId);
      if (counters === undefined) return undefined;
      const tracks = [...this.mixer.trackCounters(sessionId)].map(([sid, buffer]) => [sid, { buffer }] as const);
      return { counters: { ...counters }, tracks: new Map(tracks) };
    });
  }
}
