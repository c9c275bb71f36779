import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Counter } from 'prom-client';
import {
  ParticipantJoined,
  SessionLive,
  TranscriptionStatusChanged,
  TranscriptReady,
  TranslationReady,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { Metrics } from '../metrics/metrics.js';
import { MessageJournal } from '../transcripts/message-journal.port.js';
import { EndedSessions } from '../collections/ended-sessions.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { TranscriptGates } from './transcript-gates.port.js';
import { DataChannel } from './data-channel.js';
import { Publication, type PacketFate, type UnnumberedMessage } from './publication.js';
import { transcriptMessages } from './transcript-message.js';
import { translationMessages } from './translation-message.js';

const LAST_PACKETS_MS = 3_000;

/** Gives every message of a session its number, writes it down, and sends it to everybody in the room. */
@Injectable()
export class PublisherService implements OnModuleInit, BeforeApplicationShutdown {
  readonly #logger = new Logger(PublisherService.name);
  readonly #publications = new Map<string, Publication>();
  readonly #ended = new EndedSessions<Publication>();
  readonly #published: Counter<'type'>;
  readonly #lost: Counter;

  constructor(
    private readonly events: EventBus,
    private readonly channel: DataChannel,
    private readonly journal: MessageJournal,
    private readonly reports: SessionReports,
    private readonly gates: TranscriptGates,
    metrics: Metrics,
  ) {
    this.#published = metrics.counter('messages_published_total', 'messages numbered', ['type']);
    this.#lost = metrics.counter('messages_undelivered_total', 'data packets that LiveKit did not take');
  }

  onModuleInit(): void {
    this.events.on(SessionLive, (fact) => this.#open(fact));
    this.events.on(TranscriptReady, (fact) => {
      for (const admitted of this.gates.admit(fact)) this.#onTranscript(admitted);
    });
    this.events.on(TranslationReady, (fact) => this.#onTranslation(fact));
    this.events.on(TranscriptionStatusChanged, (fact) => this.#onStatus(fact));
    this.events.on(ParticipantJoined, ({ sessionId, identity }) => this.#sendSnapshot(sessionId, identity));
    this.reports.add((sessionId) => this.#report(sessionId));
  }

  /** The last words are still in the queues when the sessions have ended. */
  async beforeApplicationShutdown(): Promise<void> {
    const deadline = new Promise((resolve) => setTimeout(resolve, LAST_PACKETS_MS).unref());
    const idle = Promise.all([...this.#publications.values()].map((publication) => publication.idle()));
    await Promise.race([idle, deadline]);
  }

  #open({ sessionId, room, liveAtUnixMs }: SessionLive): void {
    const publication = new Publication({
      sessionId,
      liveAtUnixMs,
      journal: this.journal,
      send: (packet) => this.channel.send(room, packet),
      onLost: () => this.#onLost(publication),
    });
    this.#publications.set(sessionId, publication);
    publication.resume();
  }

  #onTranscript(fact: TranscriptReady): void {
    const publication = this.#publicationOf(fact.sessionId);
    if (publication === undefined) return;
    const { segmentId, final } = fact.segment;
    const fate = final ? { supersedes: segmentId } : { supersedes: segmentId, supersededBy: segmentId };
    for (const message of transcriptMessages(fact, publication.liveAtUnixMs)) this.#publish(publication, message, fate);
  }

  #onTranslation(fact: TranslationReady): void {
    const publication = this.#publicationOf(fact.sessionId);
    if (publication === undefined || !this.gates.admitsTranslation(fact)) return;
    for (const message of translationMessages(fact)) this.#publish(publication, message);
  }

  #onStatus({ sessionId, status, sentence, span }: TranscriptionStatusChanged): void {
    const publication = this.#publications.get(sessionId);
    if (publication === undefined) return;
    if (status === 'ended') for (const last of this.gates.lastWords(sessionId)) this.#onTranscript(last);
    this.#publish(publication, { v: 1, type: 'status', sessionId, status, message: sentence, ...span });
    if (status === 'ended') void publication.idle().then(() => this.#close(publication));
  }

  /** Of a session that is over, too: the engine may give words out late. */
  #publicationOf(sessionId: string): Publication | undefined {
    return this.#publications.get(sessionId) ?? this.#ended.get(sessionId);
  }

  #close(publication: Publication): void {
    this.#publications.delete(publication.sessionId);
    this.#ended.add(publication.sessionId, publication);
  }

  #publish(publication: Publication, message: UnnumberedMessage, fate?: PacketFate): void {
    publication.publish(message, fate);
    this.#published.inc({ type: message.type });
  }

  /** Who comes late is sent what was said, alone. */
  #sendSnapshot(sessionId: string, toIdentity: string): void {
    const snapshot = this.journal.snapshot(sessionId);
    if (snapshot !== undefined) this.#publications.get(sessionId)?.sendAside(snapshot, toIdentity);
  }

  #onLost({ sessionId, report }: Publication): void {
    if (report.undelivered === 1) this.#logger.warn(`session ${sessionId}: LiveKit does not take data packets`);
    this.#lost.inc();
  }

  #report(sessionId: string) {
    const publication = this.#publicationOf(sessionId);
    return publication && { counters: publication.report, sections: { dataChannel: publication.deliveries } };
  }
}
