import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SessionReports } from '../sessions/session-reports.port.js';
import { SessionStates } from '../sessions/session-states.port.js';
import { PendingSpeech } from './pending-speech.port.js';
import { TranscriptionService } from './transcription.service.js';

/** No audio has come yet, so no stream is open. */
const IDLE = { state: 'idle', reason: '' };

/** Reports the transcription of sessions: to `GET /sessions/{id}`, as typed state, and its pending speech to the recovery of sessions. */
@Injectable()
export class TranscriptionReports implements OnModuleInit {
  constructor(
    private readonly reports: SessionReports,
    private readonly states: SessionStates,
    private readonly pending: PendingSpeech,
    private readonly transcription: TranscriptionService,
  ) {}

  onModuleInit(): void {
    this.states.provide({ transcription: (sessionId) => this.transcription.state(sessionId) });
    this.pending.provide((sessionId) => this.transcription.pendingSinceMs(sessionId));
    this.reports.add((sessionId) => {
      const report = this.transcription.state(sessionId);
      if (report === undefined) return { sections: { gladia: IDLE } };
      const { state, reason, counters } = report;
      const insights = this.transcription.insights(sessionId);
      return { sections: { gladia: { state, reason }, ...(insights && { insights }) }, counters: { ...counters } };
    });
  }
}
