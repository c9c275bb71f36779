import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Counter, Histogram } from 'prom-client';
import {
  MessagePublished,
  ParticipantJoined,
  PersonErased,
  SessionErased,
  SessionLive,
  type TranscriptionStatusChanged,
  type TranscriptSegment,
  type TranslationReady,
} from '../events/domain-events.js';
import type { Message } from '../../libs/protocol/message.js';
import { BoundedMap } from '../collections/bounded-map.js';
import { EndedSessions } from '../collections/ended-sessions.js';
import { publisherConfig, type PublisherConfig } from '../config/namespaces.js';
import { EventBus } from '../events/event-bus.js';
import { Metrics } from '../metrics/metrics.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { MessageJournal } from '../transcripts/message-journal.port.js';
import { SessionStates } from '../sessions/session-states.port.js';
import { DataChannel } from './data-channel.js';
import { InterimPacer } from './interim-pacer.js';
import { Publication, type PacketFate, type UnnumberedMessage } from './publication.js';
import { SessionPublisher } from './session-publisher.port.js';
import { TranscriptHooks } from './transcript-hooks.port.js';
import { AudioLatencies } from './audio-latency.js';
import { transcriptMessages } from './transcript-message.js';
import { translationMessages } from './translation-message.js';

/** From the answer of a LiveKit nearby to the longest retry of a packet. */
const DELAY_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 180];
const FLUSH_WITHIN_MS = 3_000;
/** Translations may still arrive for this many final segments. */
const MAX_FINALS = 500;
/** A browser's data channel opens 0.2 to 2 s after LiveKit reports that it joined. */
const SNAPSHOT_AGAIN_MS = [1_000, 3_000];
/** So many ids fit into a data packet. */
const RETRACTED_PER_MESSAGE = 200;

interface PublishedSession {
  readonly publication: Publication;
  readonly interims: InterimPacer;
  /** The last published revision of each open segment. */
  readonly partials: Map<string, TranscriptSegment>;
  /** By final segment: whether the hooks changed it or held it back. */
  readonly changed: BoundedMap<string, boolean>;
  /** Segments that were erased: nothing more is published of them. */
  readonly erased: BoundedMap<string, true>;
}

/**
 * Gives every message of a session its number, stores it, sends it to everybody in the room, and emits MessagePublished.
 * Before that, the hooks may change it or hold it back.
 */
@Injectable()
export class PublisherService extends SessionPublisher implements OnModuleInit, BeforeApplicationShutdown {
  readonly #logger = new Logger(PublisherService.name);
  readonly #sessions = new Map<string, PublishedSession>();
  readonly #ended = new EndedSessions<PublishedSession>();
  readonly #published: Counter<'type'>;
  readonly #lost: Counter;
  readonly #delay: Histogram;

  constructor(
    @Inject(publisherConfig.KEY) private readonly config: PublisherConfig,
    private readonly events: EventBus,
    private readonly channel: DataChannel,
    private readonly journal: MessageJournal,
    private readonly reports: SessionReports,
    private readonly hooks: TranscriptHooks,
    private readonly states: SessionStates,
    private readonly latencies: AudioLatencies,
    metrics: Metrics,
  ) {
    super();
    this.#published = metrics.counter('messages_published_total', 'messages published', ['type']);
    this.#lost = metrics.counter('messages_undelivered_total', 'data packets that LiveKit did not take');
    this.#delay = metrics.histogram(
      'message_delivery_seconds',
      "from a message's number to LiveKit's answer that it has the packet",
      DELAY_BUCKETS_S,
    );
  }

  onModuleInit(): void {
    this.events.on(SessionLive, (live) => this.#open(live));
    this.events.on(ParticipantJoined, ({ sessionId, identity }) => this.#sendSnapshots(sessionId, identity));
    this.events.on(SessionErased, ({ sessionId }) => this.#ended.delete(sessionId));
    this.events.on(PersonErased, (erased) => this.#retract(erased));
    this.reports.add((sessionId) => this.#report(sessionId));
    this.states.provide({ delivery: (sessionId) => this.#find(sessionId)?.publication.deliveryState });
  }

  /** The last packets are still in the queues when the sessions have ended. */
  async beforeApplicationShutdown(): Promise<void> {
    const deadline = new Promise((resolve) => setTimeout(resolve, FLUSH_WITHIN_MS).unref());
    const idle = Promise.all([...this.#sessions.values()].map(({ publication }) => publication.idle()));
    await Promise.race([idle, deadline]);
  }

  override publishSegment(sessionId: string, segment: TranscriptSegment): void {
    const session = this.#find(sessionId);
    if (session === undefined) return;
    if (segment.final) session.interims.drop(segment.segmentId);
    if (segment.final) this.#publishSegment(session, segment);
    else session.interims.add(segment);
  }

  #publishSegment(session: PublishedSession, segment: TranscriptSegment): void {
    if (session.erased.has(segment.segmentId)) return;
    const { sessionId } = session.publication;
    const allowed =
      this.hooks.segment(sessionId, segment) ?? retraction(session.partials.get(segment.segmentId), segment);
    if (segment.final) session.changed.set(segment.segmentId, allowed !== segment);
    if (allowed === undefined) return;
    if (segment.final) session.partials.delete(segment.segmentId);
    else session.partials.set(segment.segmentId, allowed);
    const { segmentId, final } = segment;
    const fate = final ? { supersedes: segmentId } : { supersedes: segmentId, supersededBy: segmentId };
    for (const message of transcriptMessages(
      sessionId,
      allowed,
      session.publication.liveAtUnixMs,
      this.latencies.of(sessionId, allowed),
    ))
      this.#publish(session.publication, message, fate);
  }

  override publishTranslation(translation: TranslationReady): void {
    const session = this.#find(translation.sessionId);
    if (session === undefined || session.erased.has(translation.segmentId)) return;
    const isChanged = session.changed.get(translation.segmentId) === true;
    const allowed = this.hooks.translation(translation, isChanged);
    if (allowed === undefined) return;
    for (const message of translationMessages(allowed)) this.#publish(session.publication, message);
  }

  override publishStatus({ sessionId, status, code, sentence, span }: TranscriptionStatusChanged): void {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return;
    const { publication, interims } = session;
    if (status === 'ended') interims.close();
    this.#publish(publication, { v: 1, type: 'status', sessionId, status, code, message: sentence, ...span });
    if (status === 'ended') void publication.idle().then(() => this.#close(session));
  }

  /** Listeners drop what they show of somebody whose words were erased. */
  #retract({ sessionId, segmentIds }: PersonErased): void {
    const session = this.#find(sessionId);
    if (session === undefined) return;
    for (const segmentId of segmentIds) {
      session.erased.set(segmentId, true);
      session.partials.delete(segmentId);
    }
    for (let at = 0; at < segmentIds.length; at += RETRACTED_PER_MESSAGE) {
      const some = segmentIds.slice(at, at + RETRACTED_PER_MESSAGE);
      this.#publish(session.publication, { v: 1, type: 'retraction', sessionId, segmentIds: some });
    }
  }

  #open({ sessionId, room, liveAtUnixMs }: SessionLive): void {
    const publication = new Publication({
      sessionId,
      liveAtUnixMs,
      journal: this.journal,
      send: (packet) => this.channel.send(room, packet),
      interimGapMs: () => this.channel.interimGapMs,
      onPublished: (message) => this.#emit(room, message),
      onLost: () => this.#onLost(publication),
      onDelivered: (delayMs) => this.#delay.observe(delayMs / 1000),
    });
    const session: PublishedSession = {
      publication,
      interims: new InterimPacer(this.config.interimsEveryMs, (interim) => this.#publishSegment(session, interim)),
      partials: new Map(),
      changed: new BoundedMap(MAX_FINALS),
      erased: new BoundedMap(MAX_FINALS),
    };
    this.#sessions.set(sessionId, session);
    publication.resume();
  }

  #emit(room: string, message: Message): void {
    const { sessionId, seq } = message;
    this.events.publish(Object.freeze(new MessagePublished(sessionId, room, seq, deepFreeze(message), Date.now())));
  }

  /** Also finds a session that has ended: the engine may finish its last words late. */
  #find(sessionId: string): PublishedSession | undefined {
    return this.#sessions.get(sessionId) ?? this.#ended.get(sessionId);
  }

  #close(session: PublishedSession): void {
    const { sessionId } = session.publication;
    this.#sessions.delete(sessionId);
    this.#ended.add(sessionId, session);
  }

  #publish(publication: Publication, message: UnnumberedMessage, fate?: PacketFate): void {
    publication.publish(message, fate);
    this.#published.inc({ type: message.type });
  }

  /** LiveKit drops, without saying so, what is sent before a client's data channel is open: a snapshot is sent again. */
  #sendSnapshots(sessionId: string, toIdentity: string): void {
    this.#sendSnapshot(sessionId, toIdentity);
    for (const delayMs of SNAPSHOT_AGAIN_MS)
      setTimeout(() => this.#sendSnapshot(sessionId, toIdentity), delayMs).unref();
  }

  /** Sends a participant who joins late, and nobody else, what was said before. */
  #sendSnapshot(sessionId: string, toIdentity: string): void {
    const snapshot = this.journal.snapshot(sessionId);
    if (snapshot !== undefined) this.#sessions.get(sessionId)?.publication.sendTo(snapshot, toIdentity);
  }

  #onLost({ sessionId, report }: Publication): void {
    if (report.undelivered === 1) this.#logger.warn(`session ${sessionId}: LiveKit does not take data packets`);
    this.#lost.inc();
  }

  #report(sessionId: string) {
    const publication = this.#find(sessionId)?.publication;
    return publication && { counters: publication.report, sections: { dataChannel: publication.deliveries } };
  }
}

/** When a final is held back, this takes back the partial that the room has. */
const retraction = (shown: TranscriptSegment | undefined, held: TranscriptSegment): TranscriptSegment | undefined =>
  shown && held.final ? { ...shown, revision: held.revision, final: true, text: '', words: [] } : undefined;

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value) as unknown[]) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
