import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SessionReports } from '../records/session-reports.js';
import { MixerService } from './mixer.service.js';

/** What `GET /sessions/{id}` says of the mix and of each track in it. */
@Injectable()
export class MixerReports implements OnModuleInit {
  constructor(
    private readonly reports: SessionReports,
    private readonly mixer: MixerService,
  ) {}

  onModuleInit(): void {
    this.reports.add((sessionId) => {
      const counters = this.mixer.counters(sessionId);
      if (counters === undefined) return undefined;
      const tracks = [...this.mixer.trackCounters(sessionId)].map(([sid, buffer]) => [sid, { buffer }] as const);
      return { counters: { ...counters }, tracks: new Map(tracks) };
    });
  }
}
