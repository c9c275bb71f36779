import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  AudioSource,
  ROOM_MIX_SID,
  type AudioSubscription,
  type SubscribeOptions,
  type TrackToTranscribe,
} from '../media/audio-source.js';
import { AudioSources } from '../sources/audio-sources.port.js';
import { UNSUPPORTED } from './egress-api.js';
import { EgressService } from './egress.service.js';

/** After this time a LiveKit server that lacked a feature may have been updated, and is tried again. */
const RETRY_UNSUPPORTED_MS = 60 * 60 * 1000;

/** One Track Egress for each track. */
class SingleEgress extends AudioSource {
  override readonly name = 'egress';

  constructor(private readonly egress: EgressService) {
    super();
  }

  override subscribe(
    track: TrackToTranscribe,
    { whenFull = 'refuse' }: SubscribeOptions = {},
  ): AudioSubscription | undefined {
    const { trackSid } = track;
    const input = { kind: 'track', trackSid } as const;
    return this.egress.start({ source: this.name, track, input, target: trackSid, trackSids: [trackSid], whenFull });
  }
}

/** A kind of egress that older LiveKit servers do not have. */
abstract class OptionalEgress extends AudioSource {
  #unsupportedUntilMs = 0;

  protected get unsupported(): boolean {
    return performance.now() < this.#unsupportedUntilMs;
  }

  /** Remembers when the server turns out to be too old. */
  protected watched(subscription: AudioSubscription | undefined): AudioSubscription | undefined {
    void subscription?.refused?.then((reason) => {
      if (reason === UNSUPPORTED) this.#unsupportedUntilMs = performance.now() + RETRY_UNSUPPORTED_MS;
    });
    return subscription;
  }
}

/** Two tracks of a session on the left and right channel of one egress. */
class PairedEgress extends OptionalEgress {
  override readonly name = 'paired-egress';

  constructor(private readonly egress: EgressService) {
    super();
  }

  override subscribe(
    track: TrackToTranscribe,
    { partner, whenFull = 'refuse' }: SubscribeOptions = {},
  ): AudioSubscription | undefined {
    if (partner === undefined || this.unsupported) return undefined;
    const trackSids = [track.trackSid, partner.trackSid] as const;
    const input = { kind: 'pair', leftSid: trackSids[0], rightSid: trackSids[1] } as const;
    const target = trackSids.join(',');
    return this.watched(this.egress.start({ source: this.name, track, input, target, trackSids, whenFull }));
  }
}

/** The whole room mixed on one egress. */
class RoomEgress extends OptionalEgress {
  override readonly name = 'room-egress';

  constructor(private readonly egress: EgressService) {
    super();
  }

  override subscribe(
    track: TrackToTranscribe,
    { whenFull = 'refuse' }: SubscribeOptions = {},
  ): AudioSubscription | undefined {
    if (this.unsupported) return undefined;
    const input = { kind: 'room' } as const;
    const target = ROOM_MIX_SID;
    return this.watched(this.egress.start({ source: this.name, track, input, target, trackSids: [target], whenFull }));
  }
}

/** Registers the three audio sources that use Egress. */
@Injectable()
export class EgressSources implements OnModuleInit {
  constructor(
    private readonly egress: EgressService,
    private readonly sources: AudioSources,
  ) {}

  onModuleInit(): void {
    this.sources.register(new SingleEgress(this.egress));
    this.sources.register(new PairedEgress(this.egress));
    this.sources.register(new RoomEgress(this.egress));
  }
}
