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
import { RtcPackage } from './rtc-package.js';
import { UNUSABLE } from './failure-reasons.js';

/** Hears tracks by joining their rooms, as a participant whom nobody sees, in child processes. */
@Injectable()
export class ParticipantSource extends AudioSource implements OnModuleInit, OnApplicationShutdown {
  override readonly name = 'participant';
  readonly #logger = new Logger(ParticipantSource.name);
  readonly #seats = new Map<string, RoomSubscription>();
  #unusable = false;

  constructor(
    private readonly rtc: RtcPackage,
    private readonly entrance: RoomCredentials,
    private readonly pool: ProcessPool,
    private readonly sink: TrackAudioSink,
    private readonly events: EventBus,
    private readonly sources: AudioSources,
    private readonly reports: SessionReports,
    metrics: Metrics,
  ) {
    super();
    metrics.gauge('participant_processes', 'child processes that join rooms', () => pool.processes.length);
    metrics.gauge('participant_rooms', 'rooms that this service is in', () => pool.presences);
    metrics.gauge('participant_resident_bytes', 'memory of the child processes that join rooms', () =>
      pool.processes.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
    );
  }

  onModuleInit(): void {
    this.sources.register(this);
    this.reports.add((sessionId) => {
      const tracks = this.#seats.get(sessionId)?.reports();
      return tracks && tracks.size > 0 ? { tracks } : undefined;
    });
  }

  /** Resolves when no child process is left. */
  async onApplicationShutdown(): Promise<void> {
    for (const seat of this.#seats.values()) seat.close();
    await this.pool.close();
  }

  override subscribe(track: TrackToTranscribe): AudioSubscription | undefined {
    if (!this.rtc.isInstalled) this.#giveUp();
    return this.#unusable ? undefined : this.#seat(track).subscribe(track);
  }

  #seat({ sessionId, room }: TrackToTranscribe): RoomSubscription {
    for (const [id, each] of this.#seats) if (each.closed) this.#seats.delete(id);
    const seat = this.#seats.get(sessionId) ?? this.#newSeat(sessionId, room);
    this.#seats.set(sessionId, seat);
    return seat;
  }

  #newSeat(sessionId: string, room: string): RoomSubscription {
    const { entrance, pool, sink } = this;
    const onSoundStopped = (): void => {
      this.events.publish(new AudioStopped(sessionId));
    };
    return new RoomSubscription({
      ...{ sessionId, room, entrance, pool, sink, onSoundStopped },
      onUnusable: () => this.#giveUp(),
    });
  }

  #giveUp(): void {
    if (!this.#unusable) this.#logger.error(UNUSABLE);
    this.#unusable = true;
  }
}
