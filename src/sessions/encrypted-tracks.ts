import { Injectable, type OnModuleInit } from '@nestjs/common';
import { TracksLeftOut } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { SessionProblems } from './session-problems.port.js';

const DEGRADED = 'Somebody’s sound is encrypted end to end: the server cannot transcribe it without the key.';
const RECOVERED = 'Nobody’s sound is encrypted end to end any more.';

/** Tells a room that some of its tracks are encrypted end to end, and when none is any more. */
@Injectable()
export class EncryptedTracks implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly problems: SessionProblems,
  ) {}

  onModuleInit(): void {
    this.events.on(TracksLeftOut, ({ sessionId, tracks }) => {
      const isEncrypted = tracks.some(({ reason }) => reason === 'encrypted');
      if (isEncrypted) this.problems.begin(sessionId, 'encrypted', DEGRADED);
      else this.problems.end(sessionId, 'encrypted', RECOVERED);
    });
  }
}
