import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { egressConfig, type EgressConfig } from '../config/namespaces.js';
import { LiveKitWebhooks } from '../livekit/livekit-webhooks.js';
import type { AudioSourceName, SubscribeOptions, TrackToTranscribe } from '../media/audio-source.js';
import { Metrics } from '../metrics/metrics.js';
import { EgressSlots } from './egress-slots.port.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { EgressApi, type EgressInput, type ListedEgress } from './egress-api.js';
import { EgressCircuit } from './egress-circuit.js';
import { EgressConnections, type EgressTicket, type TokenFault } from './egress-connections.port.js';
import { EgressRun } from './egress-run.js';
import type { EgressRunState } from './egress-run-status.js';
import { EgressRuns } from './egress-runs.js';
import { EgressTokens } from './egress-tokens.js';
import { listedEgress } from './livekit-egress-api.js';

/** A request for one egress run. */
export interface EgressRunRequest {
  readonly source: AudioSourceName;
  readonly track: TrackToTranscribe;
  readonly input: EgressInput;
  /** The last part of its WebSocket path. */
  readonly target: string;
  readonly trackSids: readonly string[];
  readonly whenFull: NonNullable<SubscribeOptions['whenFull']>;
}

/** Starts egress runs within the account's limit, and passes on to them what LiveKit and the audio gateway report. */
@Injectable()
export class EgressService extends EgressConnections implements OnModuleInit, OnApplicationShutdown {
  readonly #runs = new EgressRuns();
  #attempts = 0;

  constructor(
    @Inject(egressConfig.KEY) private readonly config: EgressConfig,
    private readonly api: EgressApi,
    private readonly slots: EgressSlots,
    private readonly circuit: EgressCircuit,
    private readonly tokens: EgressTokens,
    private readonly reports: SessionReports,
    private readonly webhooks: LiveKitWebhooks,
    metrics: Metrics,
  ) {
    super();
    metrics.gauge(
      'egress_slots',
      'egresses that may run at a time (EGRESS_MAX_CONCURRENT)',
      () => config.maxConcurrent,
    );
    metrics.gauge('egress_slots_taken', 'egresses that run or start', () => this.slots.taken);
    metrics.gauge('egress_slots_waiting', 'tracks that wait for an egress slot', () => this.slots.waiting);
    metrics.gauge('egress_circuit_open', '1 while LiveKit’s API fails', () => (circuit.state === 'closed' ? 0 : 1));
    metrics.total('egress_restarts_total', 'streams that were lost and started again', () => this.#runs.restarts);
  }

  onModuleInit(): void {
    this.webhooks.onEvent(({ event, egressInfo }) => {
      if (event === 'egress_ended' && egressInfo !== undefined) this.#onEnded(listedEgress(egressInfo));
    });
    this.reports.add((sessionId) => this.#report(sessionId));
  }

  /** Closes the runs of sessions that did not end within the grace period. */
  onApplicationShutdown(): void {
    for (const run of this.#runs.all()) run.close('session-over');
  }

  get runs(): Pick<EgressRuns, 'all' | 'includes' | 'sessionIds'> {
    return this.#runs;
  }

  /** Undefined when no slot is free and the request does not queue for one, or when the same egress runs already. */
  start({ source, track, input, target, trackSids, whenFull }: EgressRunRequest): EgressRun | undefined {
    const { sessionId, room } = track;
    const path = `${this.config.websocketBaseUrl}/${sessionId}/${target}`;
    const previous = this.#runs.ofPath(sessionId, path).at(-1);
    if (previous?.closing === false) return undefined;
    const holder = { sessionId, identity: input.kind === 'room' ? '' : track.identity };
    const slot = this.slots.tryAcquire(holder);
    if (slot === undefined && whenFull === 'refuse') return undefined;
    const { api, slots, circuit } = this;
    const run = new EgressRun(
      {
        ...{ sessionId, room, holder, source, input, trackSids, whenFull, path, api, slots, circuit },
        nextAttempt: () => this.#nextAttempt(sessionId, target, path),
        ...(previous && { after: previous.ended }),
      },
      slot,
    );
    this.#runs.add(sessionId, run);
    return run;
  }

  override ticket(sessionId: string, target: string, token: string): EgressTicket | TokenFault {
    const ticket = this.tokens.verify(sessionId, target, token, Date.now());
    if (typeof ticket === 'string') return ticket;
    return this.#runs.ofTicket(ticket)?.awaits(ticket.attempt) === true ? ticket : 'spent';
  }

  override socketOpened(ticket: EgressTicket): void {
    this.#runs.ofTicket(ticket)?.socketOpened(ticket.attempt);
  }

  override socketClosed(ticket: EgressTicket, code: number): void {
    this.#runs.ofTicket(ticket)?.socketClosed(ticket.attempt, code);
  }

  /** Egresses by state, for health. */
  states(): Partial<Record<EgressRunState, number>> {
    return this.#runs.states();
  }

  #nextAttempt(sessionId: string, target: string, path: string): { number: number; address: string } {
    const number = ++this.#attempts;
    const token = this.tokens.issue({ sessionId, target, attempt: number }, Date.now());
    return { number, address: `${path}?token=${token}` };
  }

  #onEnded({ egressId, end }: ListedEgress): void {
    if (end === undefined) return;
    for (const run of this.#runs.all()) run.egressEnded(egressId, end);
  }

  #report(sessionId: string) {
    const tracks = this.#runs.reports(sessionId);
    return tracks.size === 0 ? undefined : { tracks, sections: { egress: { api: API_STATES[this.circuit.state] } } };
  }
}

const API_STATES = { closed: 'answers', open: 'fails', 'half-open': 'is tried again' };
