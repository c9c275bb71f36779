import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SessionReports } from '../records/session-reports.js';
import { TranscriptionService } from './transcription.service.js';

/** Nobody was heard yet, so Gladia was not asked for anything. */
const IDLE = { state: 'idle', reason: '' };

/** What `GET /sessions/{id}` says of the transcription. */
@Injectable()
export class TranscriptionReports implements OnModuleInit {
  constructor(
    private readonly reports: SessionReports,
    private readonly transcription: TranscriptionService,
  ) {}

  onModuleInit(): void {
    this.reports.add((sessionId) => {
      const report = this.transcription.state(sessionId);
      if (report === undefined) return { sections: { gladia: IDLE } };
      const { state, reason, counters } = report;
      const insights = this.transcription.insights(sessionId);
      return { sections: { gladia: { state, reason }, ...(insights && { insights }) }, counters: { ...counters } };
    });
  }
}
