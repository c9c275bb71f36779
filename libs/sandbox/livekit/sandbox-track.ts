import { randomUUID } from 'node:crypto';
import { newSid } from './sids.js';
import { upsample16kTo48k } from './upsampler.js';

/** The rate at which the rooms carry audio. */
export const ROOM_RATE_HZ = 48_000;

/** Samples at 48 kHz since the process began: the clock that every scripted track and every egress shares. */
export const nowSamples = (): number => Math.floor((performance.now() * ROOM_RATE_HZ) / 1000);

export type TrackSource = 'microphone' | 'screen_share_audio' | 'camera' | 'screen_share' | 'unknown';

export interface PublishOptions {
  /** Default `microphone`. */
  readonly source?: TrackSource;
  readonly muted?: boolean;
  /** Default `mic`. */
  readonly name?: string;
}

/** Called when the track is muted, unmuted or gone. */
export type TrackListener = (track: SandboxTrack, change: 'muted' | 'unmuted' | 'unpublished') => void;

/** 16 kHz mono, as they are or within a `Recording`. */
export type Sayable = Int16Array | { readonly samples: Int16Array };

/** A published track that plays speech in real time. */
export class SandboxTrack {
  readonly sid: string;
  readonly source: TrackSource;
  readonly name: string;
  readonly cid = randomUUID();
  readonly publishedAtMs = Date.now();
  readonly #speech = new TrackSpeech();
  readonly #mutes: MuteLog;
  readonly #sayings = new Set<() => void>();
  #published = true;

  constructor(
    options: PublishOptions,
    private readonly onChange: TrackListener,
  ) {
    this.source = options.source ?? 'microphone';
    this.sid = newSid(this.isVideo ? 'TR_VC' : 'TR_AM');
    this.name = options.name ?? 'mic';
    this.#mutes = new MuteLog(options.muted ?? false);
  }

  get isVideo(): boolean {
    return this.source === 'camera' || this.source === 'screen_share';
  }

  get muted(): boolean {
    return this.#mutes.muted;
  }

  get published(): boolean {
    return this.#published;
  }

  /**
   * Says 16 kHz mono samples, after what is being said already. Resolves when the last sample was spoken, or when
   * `hush()` or `unpublish()` cuts it short.
   */
  say(what: Sayable): Promise<void> {
    const samples = upsample16kTo48k(what instanceof Int16Array ? what : what.samples);
    const now = nowSamples();
    const endSample = this.#speech.add(samples, now);
    return this.#wait(((endSample - now) * 1000) / ROOM_RATE_HZ);
  }

  /** Falls silent in the middle of the word. */
  hush(): void {
    this.#speech.cut(nowSamples());
    for (const done of [...this.#sayings]) done();
  }

  mute(): void {
    this.#setMuted(true);
  }

  unmute(): void {
    this.#setMuted(false);
  }

  unpublish(): void {
    if (!this.#published) return;
    this.hush();
    this.#published = false;
    this.onChange(this, 'unpublished');
  }

  /** Fills `frame` with the track's audio from `fromSample` on \(room clock, 48 kHz\). Returns whether it is speech. */
  read(fromSample: number, frame: Int16Array): boolean {
    const spoken = this.#speech.read(fromSample, frame);
    if (!this.#mutes.mutedAt(fromSample)) return spoken;
    frame.fill(0);
    return false;
  }

  #setMuted(muted: boolean): void {
    if (muted === this.muted || !this.#published) return;
    this.#mutes.set(muted, nowSamples());
    this.onChange(this, muted ? 'muted' : 'unmuted');
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#sayings.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#sayings.add(done);
    });
  }
}

interface Toggle {
  readonly atSample: number;
  readonly muted: boolean;
}

const REMEMBERED = 64;

/** When a track was muted and unmuted, so that a reader behind the present reads what was true then. */
class MuteLog {
  readonly #toggles: Toggle[] = [];

  constructor(private readonly initially: boolean) {}

  get muted(): boolean {
    return this.#toggles.at(-1)?.muted ?? this.initially;
  }

  set(muted: boolean, atSample: number): void {
    if (muted === this.muted) return;
    this.#toggles.push({ atSample, muted });
    if (this.#toggles.length > REMEMBERED) this.#toggles.shift();
  }

  mutedAt(sample: number): boolean {
    const last = this.#toggles.findLast((toggle) => toggle.atSample <= sample);
    return last?.muted ?? this.initially;
  }
}

interface Utterance {
  readonly startSample: number;
  samples: Int16Array;
}

const REMEMBERED_SAMPLES = 48_000 * 5;

/** What is said on a track, placed on the room's clock (48 kHz mono). One person: utterances follow each other. */
class TrackSpeech {
  readonly #utterances: Utterance[] = [];

  /** Says `samples` now, or after what is being said; returns the sample at which they end. */
  add(samples: Int16Array, nowSample: number): number {
    const startSample = Math.max(nowSample, this.#endSample());
    this.#utterances.push({ startSample, samples });
    this.#forgetBefore(nowSample - REMEMBERED_SAMPLES);
    return startSample + samples.length;
  }

  /** Falls silent at `nowSample`. */
  cut(nowSample: number): void {
    for (const utterance of this.#utterances) {
      const said = Math.max(0, nowSample - utterance.startSample);
      utterance.samples = utterance.samples.subarray(0, said);
    }
  }

  /** Copies what is said from `fromSample` on into `frame`; silence elsewhere. Returns whether anything is said. */
  read(fromSample: number, frame: Int16Array): boolean {
    frame.fill(0);
    let spoken = false;
    for (const { startSample, samples } of this.#utterances) {
      const skipped = fromSample - startSample;
      const part = samples.subarray(Math.max(0, skipped), Math.max(0, skipped + frame.length));
      if (part.length === 0) continue;
      frame.set(part, Math.max(0, -skipped));
      spoken = true;
    }
    return spoken;
  }

  #endSample(): number {
    const last = this.#utterances.at(-1);
    return last === undefined ? 0 : last.startSample + last.samples.length;
  }

  #forgetBefore(sample: number): void {
    const kept = this.#utterances.filter((u) => u.startSample + u.samples.length > sample);
    this.#utterances.splice(0, this.#utterances.length, ...kept);
  }
}

/** A `livekit.TrackInfo` in protobuf JSON, defaults left out. */
export function trackJson(track: SandboxTrack): object {
  const mimeType = track.isVideo ? 'video/VP8' : 'audio/red';
  const codec = { mimeType, mid: '7', cid: track.cid, videoLayerMode: 'ONE_SPATIAL_LAYER_PER_STREAM' };
  return {
    sid: track.sid,
    ...(track.isVideo && { type: 'VIDEO' }),
    name: track.name,
    ...(track.muted && { muted: true }),
    ...(track.source !== 'unknown' && { source: track.source.toUpperCase() }),
    mimeType,
    mid: '7',
    codecs: [codec],
    stream: 'camera',
    version: { unixMicro: String(track.publishedAtMs * 1000) },
    backupCodecPolicy: 'SIMULCAST',
  };
}
