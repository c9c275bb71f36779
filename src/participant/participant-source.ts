import { createRequire } from 'node:module';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AudioStopped } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { AudioSource, type AudioSubscription, type TrackToTranscribe } from '../media/audio-source.js';
import { TrackAudioSink } from '../media/track-audio-sink.js';
import { Metrics } from '../metrics/metrics.js';
import { AudioSources } from '../sources/audio-sources.port.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { ProcessPool } from './process-pool.js';
import { RoomCredentials } from './room-credentials.js';
import { RoomSubscription } from './room-subscription.js';
import { FAILURE_REASONS } from './room-connection.js';

/** Whether LiveKit's client, an optional package, is installed. It is only looked up: the child processes load it. */
@Injectable()
export class RtcPackage {
  readonly #require = createRequire(import.meta.url);

  get isInstalled(): boolean {
    try {
      this.#require.resolve('@livekit/rtc-node');
      return true;
    } catch {
      return false;
    }
  }
}

/** Receives tracks by joining their rooms as a hidden participant, in child processes. */
@Injectable()
export class ParticipantSource extends AudioSource implements OnModuleInit, OnApplicationShutdown {
  override readonly name = 'participant';
  readonly #logger = new Logger(ParticipantSource.name);
  /** By session. */
  readonly #rooms = new Map<string, RoomSubscription>();
  #unusable = false;

  constructor(
    private readonly rtc: RtcPackage,
    private readonly credentials: RoomCredentials,
    private readonly pool: ProcessPool,
    private readonly sink: TrackAudioSink,
    private readonly events: EventBus,
    private readonly sources: AudioSources,
    private readonly reports: SessionReports,
    metrics: Metrics,
  ) {
    super();
    metrics.gauge('participant_processes', 'child processes that join rooms', () => pool.processes.length);
    metrics.gauge('participant_rooms', 'rooms that this service is in', () => pool.connections);
    metrics.gauge('participant_resident_bytes', 'memory of the child processes that join rooms', () =>
      pool.processes.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
    );
  }

  onModuleInit(): void {
    this.sources.register(this);
    this.reports.add((sessionId) => {
      const tracks = this.#rooms.get(sessionId)?.reports();
      return tracks && tracks.size > 0 ? { tracks } : undefined;
    });
  }

  /** Resolves when no child process is left. */
  async onApplicationShutdown(): Promise<void> {
    for (const room of this.#rooms.values()) room.close();
    await this.pool.close();
  }

  override subscribe(track: TrackToTranscribe): AudioSubscription | undefined {
    if (!this.rtc.isInstalled) this.#onUnusable();
    return this.#unusable ? undefined : this.#roomOf(track).subscribe(track);
  }

  #roomOf({ sessionId, room }: TrackToTranscribe): RoomSubscription {
    for (const [id, each] of this.#rooms) if (each.closed) this.#rooms.delete(id);
    const subscription = this.#rooms.get(sessionId) ?? this.#open(sessionId, room);
    this.#rooms.set(sessionId, subscription);
    return subscription;
  }

  #open(sessionId: string, room: string): RoomSubscription {
    const { credentials, pool, sink } = this;
    const onSoundStopped = (): void => {
      this.events.publish(new AudioStopped(sessionId));
    };
    return new RoomSubscription({
      ...{ sessionId, room, credentials, pool, sink, onSoundStopped },
      onUnusable: () => this.#onUnusable(),
    });
  }

  #onUnusable(): void {
    if (!this.#unusable) this.#logger.error(FAILURE_REASONS.unusable);
    this.#unusable = true;
  }
}
