import { powerOfDbfs } from '../../libs/audio/level.js';
import { FRAME_MS } from '../media/audio-format.js';
import type { SpeakerTimeline, TrackActivity } from '../media/speaker-timeline.js';
import { KEPT_FRAMES, TrackHistory } from './track-history.js';
import { CrosstalkEstimator, type Crosstalk } from './crosstalk.js';

/** More than 21 dB below a track's usual power it is no speech: a breath, a chair, the rest of crosstalk. */
const MIN_LOUDNESS = powerOfDbfs(-21);

/** Who spoke when in the mix of one session, corrected for crosstalk. */
export class MixTimeline implements SpeakerTimeline {
  readonly #histories = new Map<string, TrackHistory>();
  readonly #crosstalk = new CrosstalkEstimator();

  /** The history of a track, in which the mix records each frame; the same for all connections of the track. */
  history(trackSid: string): TrackHistory {
    const known = this.#histories.get(trackSid) ?? new TrackHistory();
    this.#histories.set(trackSid, known);
    return known;
  }

  /** Forgets tracks that have left the mix and were last recorded more than three minutes ago. */
  forgetBefore(currentFrame: number, isInMix: (trackSid: string) => boolean): void {
    for (const [trackSid, history] of this.#histories) {
      if (history.lastFrame < currentFrame - KEPT_FRAMES && !isInMix(trackSid)) this.#histories.delete(trackSid);
    }
  }

  activity(startMs: number, endMs: number): TrackActivity[] {
    const newest = this.#newestFrame;
    const last = Math.min(Math.ceil(endMs / FRAME_MS) - 1, newest);
    const first = Math.max(0, Math.floor(startMs / FRAME_MS), last - KEPT_FRAMES + 1);
    if (last < first) return [];
    const active = [...this.#histories].filter(([, history]) => hasSpeech(history, first, last));
    const crosstalkInto = (track: TrackHistory): Crosstalk[] =>
      active.flatMap(([, voice]) => (voice === track ? [] : [this.#crosstalk.estimate(voice, track, newest)]));
    return active
      .map(([trackSid, track]) => ({ trackSid, ...measure(track, crosstalkInto(track), first, last) }))
      .filter(({ loudness }) => loudness > MIN_LOUDNESS)
      .sort((a, b) => b.loudness - a.loudness);
  }

  get #newestFrame(): number {
    return Math.max(-1, ...[...this.#histories.values()].map((history) => history.lastFrame));
  }
}

const hasSpeech = (track: TrackHistory, first: number, last: number): boolean => {
  for (let frame = first; frame <= last; frame++) if (track.speechAt(frame)) return true;
  return false;
};

/** The activity of a track after all possible crosstalk is subtracted. */
const measure = (
  track: TrackHistory,
  crosstalk: readonly Crosstalk[],
  first: number,
  last: number,
): Omit<TrackActivity, 'trackSid'> => {
  let power = 0;
  let speech = 0;
  for (let frame = first; frame <= last; frame++) {
    if (!track.speechAt(frame)) continue;
    let own = track.powerAt(frame);
    for (const voice of crosstalk) own -= voice.powerAt(frame);
    if (own <= 0) continue;
    power += own;
    speech++;
  }
  const frames = last - first + 1;
  return { loudness: power === 0 ? 0 : power / frames / track.usualPower, speech: speech / frames };
};
