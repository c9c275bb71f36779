import { Inject, Injectable } from '@nestjs/common';
import type { TranscriptMessage } from '../../libs/protocol/message.js';
import { BoundedMap } from '../collections/bounded-map.js';
import { publisherConfig, type PublisherConfig } from '../config/namespaces.js';
import type { TranscriptSegment } from '../events/domain-events.js';
import type { AudioSourceName } from '../media/audio-source.js';
import { SessionStates } from '../sessions/session-states.port.js';

const MAX_TRACKS = 5_000;

/** How late the audio of a segment came here, and how that is known. */
export interface AudioLatency {
  readonly latencyMs: number;
  readonly from: NonNullable<TranscriptMessage['startedAtFrom']>;
}

/**
 * How late the audio of segments came here. Egress hands on what it receives 0.3 to 3 s later, by its settings; a participant
 * of the room hears it at once, and a browser takes the time itself.
 */
@Injectable()
export class AudioLatencies {
  /** The source that received a track last: its words may come when it has gone. By session and track. */
  readonly #sources = new BoundedMap<string, AudioSourceName>(MAX_TRACKS);

  constructor(
    @Inject(publisherConfig.KEY) private readonly config: PublisherConfig,
    private readonly states: SessionStates,
  ) {}

  of(sessionId: string, { source, speaker, candidates }: TranscriptSegment): AudioLatency {
    if (source === 'client') return { latencyMs: 0, from: 'source' };
    const trackSid = (speaker ?? candidates[0])?.trackSid;
    if (trackSid !== undefined && this.#sourceOf(sessionId, trackSid) === 'participant')
      return { latencyMs: 0, from: 'source' };
    const { egressLatencyMs } = this.config;
    if (egressLatencyMs === undefined) return { latencyMs: 0, from: 'unknown' };
    return { latencyMs: egressLatencyMs, from: 'configured' };
  }

  #sourceOf(sessionId: string, trackSid: string): AudioSourceName | undefined {
    const key = `${sessionId} ${trackSid}`;
    const source = this.states.track(sessionId, trackSid)?.source;
    if (source !== undefined && this.#sources.get(key) !== source) this.#sources.set(key, source);
    return source ?? this.#sources.get(key);
  }
}
