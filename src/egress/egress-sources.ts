import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  AudioSource,
  ROOM_MIX_SID,
  type AudioSubscription,
  type SubscribeOptions,
  type TrackToTranscribe,
} from '../media/audio-source.js';
import { AudioSources } from '../sources/audio-sources.port.js';
import { UNSUPPORTED } from './egress-reasons.js';
import { EgressService } from './egress.service.js';

/** For how long a server that cannot do something is not asked again. */
const REMEMBERED_MS = 60 * 60 * 1000;

/** One Track Egress a track. */
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
    const cargo = { kind: 'track', trackSid } as const;
    return this.egress.start({ source: this.name, track, input, target: trackSid, trackSids: [trackSid], whenFull });
  }
}

/** Something that older servers do not know. */
abstract class NewerEgress extends AudioSource {
  #unsupportedUntilMs = 0;

  protected get unsupported(): boolean {
    return performance.now() < this.#unsupportedUntilMs;
  }

  /** Remembers it when the server turns out to be too old. */
  protected watched(carriage: AudioSubscription | undefined): AudioSubscription | undefined {
    void carriage?.refused?.then((reason) => {
      if (reason === UNSUPPORTED) this.#unsupportedUntilMs = performance.now() + REMEMBERED_MS;
    });
    return carriage;
  }
}

/** Two tracks of a session on one egress, left and right. */
class PairedEgress extends NewerEgress {
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
    const cargo = { kind: 'pair', leftSid: trackSids[0], rightSid: trackSids[1] } as const;
    const target = trackSids.join(',');
    return this.watched(this.egress.start({ source: this.name, track, input, target, trackSids, whenFull }));
  }
}

/** Everybody in the room on one egress, as one voice. */
class RoomEgress extends NewerEgress {
  override readonly name = 'room-egress';

  constructor(private readonly egress: EgressService) {
    super();
  }

  override subscribe(
    track: TrackToTranscribe,
    { whenFull = 'refuse' }: SubscribeOptions = {},
  ): AudioSubscription | undefined {
    if (this.unsupported) return undefined;
    const cargo = { kind: 'room' } as const;
    const target = ROOM_MIX_SID;
    return this.watched(this.egress.start({ source: this.name, track, input, target, trackSids: [target], whenFull }));
  }
}

/** The ways in which Egress brings sound. */
@Injectable()
export class EgressSources implements OnModuleInit {
  constructor(
    private readonly egress: EgressService,
    private readonly sources: AudioSources,
  ) {}

  onModuleInit(): void {
    this.sources.add(new SingleEgress(this.egress));
    this.sources.add(new PairedEgress(this.egress));
    this.sources.add(new RoomEgress(this.egress));
  }
}
