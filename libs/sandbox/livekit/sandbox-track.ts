import { randomUUID } from 'node:crypto';
import { MuteLog } from './mute-log.js';
import { nowSamples, ROOM_RATE_HZ } from './room-clock.js';
import { newSid } from './sids.js';
import { TrackSpeech } from './track-speech.js';
import { upsample16kTo48k } from './upsampler.js';

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

/** A published track that says what it is told to, in real time. */
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

  /** What is heard on the track from `fromSample` (room clock, 48 kHz) on. Tells whether it is speech. */
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
