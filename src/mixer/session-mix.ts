import { FRAME_MS, FRAME_SAMPLES, samplesToMs } from '../media/audio-format.js';
import { ROOM_MIX_SID } from '../media/audio-source.js';
import type { MixedAudioSink, MixedInput } from '../media/mixed-audio-sink.js';
import type { MissingAudioQuery, MissingAudio, TrackAdmission, TrackInput } from '../media/track-audio-sink.js';
import { DISCARDING_INPUT } from './track-input.js';
import { ChannelMixer } from './channels/channel-mixer.js';
import { ChannelPlan } from './channels/channel-plan.js';
import { MixTimeline } from './mix-timeline.js';
import { MixedTrack } from './mixed-track.js';
import { NOTHING_YET, addTrack, type TrackTotals } from './track-totals.js';
import type { TrackCounters } from './jitter-buffer.js';

const HOUSEKEEPING_FRAMES = 1_000 / FRAME_MS;

const FRAME = new Int16Array(FRAME_SAMPLES);

/** Sound of a track that never came, or too much at once to be kept, and about when it was spoken. */
export interface AudioLoss {
  readonly trackSid: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface MixCounters extends TrackTotals {
  readonly framesMixed: number;
}

/**
 * The mix of one session, from its first track to its end: a frame every 20 ms without a hole, whatever the tracks do.
 * Frames are counted from the moment in which the session went live.
 */
export class SessionMix {
  readonly #known = new Set<string>();
  #tracks: MixedTrack[] = [];
  /** Of the tracks that have left. */
  #left: TrackTotals = NOTHING_YET;
  readonly #timeline = new MixTimeline();
  readonly #mixer: ChannelMixer;
  /** Where speakers have channels of their own. */
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
    private readonly lost: (loss: AudioLoss) => void,
    /** How many channels the speakers share; with one, they are all mixed. */
    channels = 1,
    /** How long a track is faded where its microphone is switched. */
    private readonly fadeSamples = 0,
  ) {
    this.#mixer = new ChannelMixer(channels);
    this.#plan = channels > 1 ? new ChannelPlan(channels) : undefined;
  }

  /** Everything was played; nothing comes any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Whether a track that plays would not find its sound in the next frame. */
  get starves(): boolean {
    return this.#tracks.some(({ buffer }) => buffer.starves);
  }

  publish(trackSid: string): void {
    this.#known.add(trackSid);
  }

  /** What the track has sent is still played. What its connection lacks by now is lost. */
  unpublish(trackSid: string, step: number): void {
    const missing = this.#track(trackSid)?.lack();
    if (missing !== undefined) this.missed(trackSid, missing, step);
    this.#known.delete(trackSid);
    this.#track(trackSid)?.close();
  }

  admission(trackSid: string): TrackAdmission {
    if (this.#ending) return 'ended';
    return this.#isKnown(trackSid) ? 'admitted' : 'unknown';
  }

  /** A connection of a track, whose sound may be heard from `step` on. Deaf when the track is not admitted. */
  open(trackSid: string, step: number, lack?: MissingAudioQuery): TrackInput {
    if (this.admission(trackSid) !== 'admitted') return DISCARDING_INPUT;
    this.#mixed ??= this.sink.open({
      sessionId: this.sessionId,
      startSamples: this.#frameOf(step) * FRAME_SAMPLES,
      timeline: this.#timeline,
      ...(this.#plan && { channels: this.#plan }),
    });
    return (this.#track(trackSid) ?? this.#add(trackSid, this.#frameOf(step))).open(lack);
  }

  /** Some sound of a track was lost on its way to the mix. */
  missed(trackSid: string, { lostMs, endedAgoMs }: MissingAudio, step: number): void {
    const endMs = Math.max(0, Math.round(this.#frameOf(step) * FRAME_MS - endedAgoMs));
    if (this.#isThere(trackSid)) this.lost({ trackSid, startMs: Math.max(0, Math.round(endMs - lostMs)), endMs });
  }

  /** Undefined while the track is not in the mix. */
  silentForMs(trackSid: string, step: number): number | undefined {
    const track = this.#track(trackSid);
    return track && (this.#frameOf(step) - Math.max(track.sinceFrame, track.history.lastSpeechFrame)) * FRAME_MS;
  }

  /** No track begins any more; the mix goes on until all are played out, or for `drainMs` at most. */
  end(step: number, drainMs: number): void {
    this.#ending = true;
    this.#lastStep = Math.min(this.#lastStep, step + drainMs / FRAME_MS);
  }

  /** Mixes the frame of that step of the mix clock, which may itself be late. */
  step(step: number, late = false): void {
    if (this.#closed || step < this.liveStep) return;
    const frame = this.#frameOf(step);
    if (this.#mixed !== undefined) this.#mixFrame(frame, late, this.#mixed);
    if (frame % HOUSEKEEPING_FRAMES === 0) this.#keepHouse(frame);
    if (this.#ending && (this.#tracks.length === 0 || step >= this.#lastStep)) this.close();
  }

  /** Ends the mixed stream, now. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = this.#ending = true;
    for (const track of this.#tracks) track.close();
    this.#mixed?.close();
  }

  get counters(): MixCounters {
    const sums = this.#tracks.reduce((sum, { buffer }) => addTrack(sum, buffer.counters), this.#left);
    return { framesMixed: this.#framesMixed, ...sums };
  }

  /** Of the tracks in the mix now, by SID. */
  get trackCounters(): ReadonlyMap<string, TrackCounters> {
    return new Map(this.#tracks.map(({ trackSid, buffer }) => [trackSid, buffer.counters]));
  }

  #mixFrame(frame: number, late: boolean, mixed: MixedInput): void {
    const mixer = this.#mixer;
    let someDone = false;
    for (let channel = 0; channel < mixer.channels; channel++) {
      for (const track of this.#tracks) {
        if (track.channel !== channel) continue;
        const { buffer } = track;
        if (buffer.read(FRAME, late)) {
          mixer.add(channel, FRAME);
          track.history.record(frame, buffer.power, buffer.speech);
        }
        someDone ||= buffer.done;
      }
      mixer.finish(channel);
    }
    mixed.write(mixer.frame);
    this.#framesMixed++;
    if (someDone) this.#removeDone(frame);
  }

  #keepHouse(frame: number): void {
    for (const track of this.#tracks) this.#reportLoss(track, frame);
    this.#timeline.forgetBefore(frame, (trackSid) => this.#track(trackSid) !== undefined);
    this.#plan?.forgetBefore(frame);
  }

  #reportLoss({ trackSid, buffer }: MixedTrack, frame: number): void {
    const lostSamples = buffer.takeLoss();
    if (lostSamples === 0) return;
    const endMs = Math.max(0, frame * FRAME_MS - samplesToMs(buffer.bufferedSamples));
    this.lost({ trackSid, startMs: Math.max(0, endMs - samplesToMs(lostSamples)), endMs });
  }

  #frameOf(step: number): number {
    return Math.max(0, step - this.liveStep);
  }

  #isKnown(trackSid: string): boolean {
    return trackSid === ROOM_MIX_SID || this.#known.has(trackSid);
  }

  /** Whether it is heard and not gone. */
  #isThere(trackSid: string): boolean {
    return this.#isKnown(trackSid) && this.#track(trackSid) !== undefined;
  }

  #track(trackSid: string): MixedTrack | undefined {
    return this.#tracks.find((track) => track.trackSid === trackSid);
  }

  #add(trackSid: string, frame: number): MixedTrack {
    const track = new MixedTrack(trackSid, this.#timeline.history(trackSid), frame, this.fadeSamples);
    track.channel = this.#plan?.enter(trackSid, frame) ?? 0;
    this.#tracks.push(track);
    return track;
  }

  #removeDone(frame: number): void {
    for (const track of this.#tracks.filter(({ buffer }) => buffer.done)) {
      this.#reportLoss(track, frame);
      this.#left = addTrack(this.#left, track.buffer.counters);
      this.#plan?.leave(track.trackSid, frame);
    }
    this.#tracks = this.#tracks.filter(({ buffer }) => !buffer.done);
    for (const track of this.#tracks) track.channel = this.#plan?.channelOf(track.trackSid) ?? 0;
  }
}
