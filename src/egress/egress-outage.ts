import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SessionEnded, SessionLive, TrackPublished } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { EgressCircuit } from './egress-circuit.js';
import { EgressService } from './egress.service.js';

const DEGRADED =
  'LiveKit’s Egress cannot be started at the moment: who is heard already stays heard, others have to wait.';
const RECOVERED = 'LiveKit’s Egress can be started again.';

/** Reports to the rooms that use Egress when LiveKit's API fails, and when it answers again. */
@Injectable()
export class EgressOutage implements OnModuleInit {
  readonly #liveSessions = new Set<string>();

  constructor(
    private readonly events: EventBus,
    private readonly problems: SessionProblems,
    private readonly circuit: EgressCircuit,
    private readonly egress: EgressService,
  ) {}

  onModuleInit(): void {
    this.circuit.onChange((open) => {
      if (open) for (const sessionId of this.egress.runs.sessionIds) this.#degrade(sessionId);
      else this.#recover();
    });
    this.events.on(SessionLive, ({ sessionId }) => void this.#liveSessions.add(sessionId));
    this.events.on(TrackPublished, ({ sessionId }) => {
      if (this.circuit.state !== 'closed') this.#degrade(sessionId);
    });
    this.events.on(SessionEnded, ({ sessionId }) => void this.#liveSessions.delete(sessionId));
  }

  #degrade(sessionId: string): void {
    if (this.#liveSessions.has(sessionId)) this.problems.begin(sessionId, 'egress-api', DEGRADED);
  }

  #recover(): void {
    for (const sessionId of this.#liveSessions) this.problems.end(sessionId, 'egress-api', RECOVERED);
  }
}
