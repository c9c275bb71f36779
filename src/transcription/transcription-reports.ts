import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SessionReports } from '../sessions/session-reports.port.js';
import { PendingSpeech } from './pending-speech.port.js';
import { TranscriptionService } from './transcription.service.js';

/** Nobody was heard yet, so Gladia was not asked for anything. */
const IDLE = { state: 'idle', reason: '' };

/** What the transcription says of itself: to `GET /sessions/{id}`, and to who keeps sessions over a crash. */
@Injectable()
export class TranscriptionReports implements OnModuleInit {
  constructor(
    private readonly reports: SessionReports,
    private readonly due: PendingSpeech,
    private readonly transcription: TranscriptionService,
  ) {}

  onModuleInit(): void {
    this.due.provide((sessionId) => this.transcription.unwordedSinceMs(sessionId));
    this.reports.add((sessionId) => {
      const report = this.transcription.state(sessionId);
      if (report === undefined) return { sections: { gladia: IDLE } };
      const { state, reason, counters } = report;
      const insights = this.transcription.insights(sessionId);
      return { sections: { gladia: { state, reason }, ...(insights && { insights }) }, counters: { ...counters } };
    });
  }
}
