import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../config/config.js';
import { SessionEnded, TrackPublished, TrackUnpublished } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { Metrics } from '../metrics/metrics.js';
import { SessionReports } from '../records/session-reports.js';
import { EgressApi } from './egress-api.js';
import { EgressConnections, type EgressTicket } from './egress-connections.js';
import { EgressSlots } from './egress-slots.js';
import { EgressTokens } from './egress-tokens.js';
import { TrackEgress, type TrackEgressState } from './track-egress.js';

/** One Track Egress for every published track of every live session, within the account's limit. */
@Injectable()
export class EgressService extends EgressConnections implements OnModuleInit {
  readonly #slots: EgressSlots;
  /** By session, then by track. */
  readonly #egresses = new Map<string, Map<string, TrackEgress>>();

  constructor(
    private readonly config: Config,
    private readonly events: EventBus,
    private readonly api: EgressApi,
    private readonly tokens: EgressTokens,
    private readonly reports: SessionReports,
    metrics: Metrics,
  ) {
    super();
    this.#slots = new EgressSlots(config.egress.maxConcurrent);
    metrics.gauge('egress_slots_taken', 'egresses that run or start', () => this.#slots.taken);
    metrics.gauge('egress_slots_waiting', 'tracks that wait for an egress slot', () => this.#slots.waiting);
  }

  onModuleInit(): void {
    this.events.on(TrackPublished, (fact) => this.#start(fact));
    this.events.on(TrackUnpublished, ({ sessionId, trackSid }) => this.#find(sessionId, trackSid)?.close('track-gone'));
    this.events.on(SessionEnded, ({ sessionId }) => this.#closeAll(sessionId));
    this.reports.add((sessionId) => this.#report(sessionId));
  }

  override ticket(sessionId: string, target: string, token: string): EgressTicket | undefined {
    const ticket = this.tokens.verify(sessionId, target, token, Date.now());
    return ticket && this.#isGivenUp(ticket) ? undefined : ticket;
  }

  override opened({ sessionId, target, attempt }: EgressTicket): void {
    this.#find(sessionId, target)?.opened(attempt);
  }

  override closed({ sessionId, target, attempt }: EgressTicket, code: number): void {
    this.#find(sessionId, target)?.closed(attempt, code);
  }

  /** Egresses by state, for health. */
  states(): Partial<Record<TrackEgressState, number>> {
    const counts: Partial<Record<TrackEgressState, number>> = {};
    for (const egresses of this.#egresses.values()) {
      for (const { report } of egresses.values()) counts[report.state] = (counts[report.state] ?? 0) + 1;
    }
    return counts;
  }

  #start({ sessionId, room, trackSid }: TrackPublished): void {
    const egresses = this.#egresses.get(sessionId) ?? new Map<string, TrackEgress>();
    if (egresses.has(trackSid)) return;
    const egress = new TrackEgress({
      sessionId,
      room,
      trackSid,
      api: this.api,
      slots: this.#slots,
      address: (attempt) => this.#address({ sessionId, target: trackSid, attempt }),
    });
    this.#egresses.set(sessionId, egresses.set(trackSid, egress));
    void egress.run().then(() => this.#forget(sessionId, trackSid));
  }

  #closeAll(sessionId: string): void {
    for (const egress of this.#egresses.get(sessionId)?.values() ?? []) egress.close('session-over');
  }

  #forget(sessionId: string, trackSid: string): void {
    const egresses = this.#egresses.get(sessionId);
    egresses?.delete(trackSid);
    if (egresses?.size === 0) this.#egresses.delete(sessionId);
  }

  #find(sessionId: string, trackSid: string): TrackEgress | undefined {
    return this.#egresses.get(sessionId)?.get(trackSid);
  }

  /** Whether the egress was replaced meanwhile: refused, it ends by itself. */
  #isGivenUp({ sessionId, target, attempt }: EgressTicket): boolean {
    return this.#find(sessionId, target)?.isCurrent(attempt) === false;
  }

  #address(ticket: EgressTicket): string {
    const { sessionId, target } = ticket;
    const token = this.tokens.issue(ticket, Date.now());
    return `${this.config.egress.websocketBaseUrl}/${sessionId}/${target}?token=${token}`;
  }

  #report(sessionId: string) {
    const egresses = this.#egresses.get(sessionId);
    return egresses && { tracks: new Map([...egresses].map(([trackSid, egress]) => [trackSid, { ...egress.report }])) };
  }
}
