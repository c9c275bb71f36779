import { FRAME_MS, FRAME_SAMPLES, samplesToMs } from '../media/audio-format.js';
import { ROOM_MIX_SID } from '../media/audio-source.js';
import type { MixedAudioSink, MixedInput } from '../media/mixed-audio-sink.js';
import type { MissingAudioQuery, MissingAudio, TrackAdmission, TrackInput } from '../media/track-audio-sink.js';
import { ChannelMixer } from './channel-mixer.js';
import { ChannelPlan } from './channel-plan.js';
import { DISCARDING_INPUT } from './connection-input.js';
import type { TrackCounters } from './jitter-buffer.js';
import { MixTimeline } from './mix-timeline.js';
import { MixedTrack } from './mixed-track.js';

const HOUSEKEEPING_FRAMES = 1_000 / FRAME_MS;

const FRAME = new Int16Array(FRAME_SAMPLES);

/** Audio of a track that never arrived or did not fit its jitter buffer, and about when it was spoken. */
export interface AudioLoss {
  readonly trackSid: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Sums over all tracks of the session, also those that have left. */
interface TrackTotals {
  readonly samplesDropped: number;
  readonly samplesSkipped: number;
  readonly samplesRepeated: number;
  readonly underruns: number;
}

export interface MixCounters extends TrackTotals {
  readonly framesMixed: number;
}

export interface SessionMixOptions {
  /** How many channels the speakers share; with one, they are all mixed. Default: 1. */
  readonly channels?: number | undefined;
  /** How long a track is faded where its microphone is muted or unmuted. Default: 0, not at all. */
  readonly fadeSamples?: number | undefined;
}

const NO_TOTALS: TrackTotals = { samplesDropped: 0, samplesSkipped: 0, samplesRepeated: 0, underruns: 0 };

/**
 * The mix of one session, from its first track to its end: a frame every 20 ms without a gap, whatever the tracks do.
 * Frames are counted from the moment when the session went live.
 */
export class SessionMix {
  readonly #published = new Set<string>();
  #tracks: MixedTrack[] = [];
  #totalsOfLeft: TrackTotals = NO_TOTALS;
  readonly #timeline = new MixTimeline();
  readonly #mixer: ChannelMixer;
  readonly #fadeSamples: number;
  /** Only where speakers have channels of their own. */
  readonly #plan: ChannelPlan | undefined;
  #mixed: MixedInput | undefined;
  #framesMixed = 0;
  #lastStep = Infinity;
  #ending = false;
  #closed = false;

  constructor(
    private readonly sessionId: string,
    private readonly liveStep: number,
    private readonly sink: MixedAudioSink,
    private readonly onLoss: (loss: AudioLoss) => void,
    { channels = 1, fadeSamples = 0 }: SessionMixOptions = {},
  ) {
    this.#fadeSamples = fadeSamples;
    this.#mixer = new ChannelMixer(channels);
    this.#plan = channels > 1 ? new ChannelPlan(channels) : undefined;
  }

  /** Whether everything was played and no audio follows. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Whether a track that plays has no audio for the next frame yet. */
  get isStarving(): boolean {
    return this.#tracks.some(({ buffer }) => buffer.isStarving);
  }

  publish(trackSid: string): void {
    this.#published.add(trackSid);
  }

  /** Buffered audio is still played. What the connection should have delivered by this step and has not is lost. */
  unpublish(trackSid: string, step: number): void {
    const missing = this.#track(trackSid)?.missingAudio();
    if (missing !== undefined) this.reportMissing(trackSid, missing, step);
    this.#published.delete(trackSid);
    this.#track(trackSid)?.close();
  }

  admission(trackSid: string): TrackAdmission {
    if (this.#ending) return 'ended';
    return this.#isPublished(trackSid) ? 'admitted' : 'unknown';
  }

  /** Opens a connection of a track, played from `step` on. Its audio is discarded when the track is not admitted. */
  open(trackSid: string, step: number, missingAudio?: MissingAudioQuery): TrackInput {
    if (this.admission(trackSid) !== 'admitted') return DISCARDING_INPUT;
    this.#mixed ??= this.sink.open({
      sessionId: this.sessionId,
      startSamples: this.#frameOf(step) * FRAME_SAMPLES,
      timeline: this.#timeline,
      ...(this.#plan && { channels: this.#plan }),
    });
    return (this.#track(trackSid) ?? this.#add(trackSid, this.#frameOf(step))).open(missingAudio);
  }

  /** Some audio of a track was lost on its way to the mix. */
  reportMissing(trackSid: string, { lostMs, endedAgoMs }: MissingAudio, step: number): void {
    const endMs = Math.max(0, Math.round(this.#frameOf(step) * FRAME_MS - endedAgoMs));
    if (this.#isInMix(trackSid)) this.onLoss({ trackSid, startMs: Math.max(0, Math.round(endMs - lostMs)), endMs });
  }

  /** Undefined while the track is not in the mix. */
  silentForMs(trackSid: string, step: number): number | undefined {
    const track = this.#track(trackSid);
    return track && (this.#frameOf(step) - Math.max(track.sinceFrame, track.history.lastSpeechFrame)) * FRAME_MS;
  }

  /** No new track is admitted; the mix goes on until all tracks are played out, or for `drainMs` at most. */
  end(step: number, drainMs: number): void {
    this.#ending = true;
    this.#lastStep = Math.min(this.#lastStep, step + drainMs / FRAME_MS);
  }

  /** Mixes the frame of this step of the mix clock. `late`: the process stood still, and the clock catches up. */
  step(step: number, late = false): void {
    if (this.#closed || step < this.liveStep) return;
    const frame = this.#frameOf(step);
    if (this.#mixed !== undefined) this.#mixFrame(frame, late, this.#mixed);
    if (frame % HOUSEKEEPING_FRAMES === 0) this.#doHousekeeping(frame);
    if (this.#ending && (this.#tracks.length === 0 || step >= this.#lastStep)) this.close();
  }

  /** Ends the mixed stream at once. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = this.#ending = true;
    for (const track of this.#tracks) track.close();
    this.#mixed?.close();
  }

  get counters(): MixCounters {
    const sums = this.#tracks.reduce((sum, { buffer }) => addTrack(sum, buffer.counters), this.#totalsOfLeft);
    return { framesMixed: this.#framesMixed, ...sums };
  }

  /** Of the tracks in the mix, by SID. */
  get trackCounters(): ReadonlyMap<string, TrackCounters> {
    return new Map(this.#tracks.map(({ trackSid, buffer }) => [trackSid, buffer.counters]));
  }

  #mixFrame(frame: number, late: boolean, mixed: MixedInput): void {
    const mixer = this.#mixer;
    let someLeft = false;
    for (let channel = 0; channel < mixer.channels; channel++) {
      for (const track of this.#tracks) {
        if (track.channel !== channel) continue;
        const { buffer } = track;
        if (buffer.read(FRAME, late)) {
          mixer.add(channel, FRAME);
          track.history.record(frame, buffer.power, buffer.speech);
        }
        someLeft ||= buffer.isPlayedOut;
      }
      mixer.finish(channel);
    }
    mixed.write(mixer.frame);
    this.#framesMixed++;
    if (someLeft) this.#removePlayedOut(frame);
  }

  #doHousekeeping(frame: number): void {
    for (const track of this.#tracks) this.#reportLoss(track, frame);
    this.#timeline.forgetBefore(frame, (trackSid) => this.#track(trackSid) !== undefined);
    this.#plan?.forgetBefore(frame);
  }

  #reportLoss({ trackSid, buffer }: MixedTrack, frame: number): void {
    const lostSamples = buffer.takeDroppedSamples();
    if (lostSamples === 0) return;
    const endMs = Math.max(0, frame * FRAME_MS - samplesToMs(buffer.bufferedSamples));
    this.onLoss({ trackSid, startMs: Math.max(0, endMs - samplesToMs(lostSamples)), endMs });
  }

  #frameOf(step: number): number {
    return Math.max(0, step - this.liveStep);
  }

  #isPublished(trackSid: string): boolean {
    return trackSid === ROOM_MIX_SID || this.#published.has(trackSid);
  }

  #isInMix(trackSid: string): boolean {
    return this.#isPublished(trackSid) && this.#track(trackSid) !== undefined;
  }

  #track(trackSid: string): MixedTrack | undefined {
    return this.#tracks.find((track) => track.trackSid === trackSid);
  }

  #add(trackSid: string, frame: number): MixedTrack {
    const track = new MixedTrack(trackSid, this.#timeline.history(trackSid), frame, this.#fadeSamples);
    track.channel = this.#plan?.assign(trackSid, frame) ?? 0;
    this.#tracks.push(track);
    return track;
  }

  #removePlayedOut(frame: number): void {
    for (const track of this.#tracks.filter(({ buffer }) => buffer.isPlayedOut)) {
      this.#reportLoss(track, frame);
      this.#totalsOfLeft = addTrack(this.#totalsOfLeft, track.buffer.counters);
      this.#plan?.release(track.trackSid, frame);
    }
    this.#tracks = this.#tracks.filter(({ buffer }) => !buffer.isPlayedOut);
    for (const track of this.#tracks) track.channel = this.#plan?.channelOf(track.trackSid) ?? 0;
  }
}

function addTrack(totals: TrackTotals, track: TrackCounters): TrackTotals {
  return {
    samplesDropped: totals.samplesDropped + track.droppedSamples,
    samplesSkipped: totals.samplesSkipped + track.skippedSamples,
    samplesRepeated: totals.samplesRepeated + track.repeatedSamples,
    underruns: totals.underruns + track.underruns,
  };
}
