import { powerOfDbfs } from '../../libs/audio/level.js';
import { FRAME_MS } from '../media/audio-format.js';
import type { SpeakerTimeline, TrackActivity } from '../media/speaker-timeline.js';
import { KEPT_FRAMES, TrackHistory } from './track-history.js';
import { CrosstalkEstimator, type Crosstalk } from './crosstalk.js';

/** So far below somebody's usual voice it is not speech: a breath, a chair, what leaks in and was not all taken out. */
const FAINTEST = powerOfDbfs(-21);

/** Who was heard when in the mix of one session. */
export class MixTimeline implements SpeakerTimeline {
  readonly #histories = new Map<string, TrackHistory>();
  readonly #leaks = new CrosstalkEstimator();

  /** Where to record what a track puts into the mix; the same for every connection of the track. */
  history(trackSid: string): TrackHistory {
    const known = this.#histories.get(trackSid) ?? new TrackHistory();
    this.#histories.set(trackSid, known);
    return known;
  }

  /** Forgets tracks that nothing can refer to any more. */
  forgetBefore(currentFrame: number, stillThere: (trackSid: string) => boolean): void {
    for (const [trackSid, history] of this.#histories) {
      if (history.lastFrame < currentFrame - KEPT_FRAMES && !stillThere(trackSid)) this.#histories.delete(trackSid);
    }
  }

  activity(startMs: number, endMs: number): TrackActivity[] {
    const newest = this.#newestFrame;
    const last = Math.min(Math.ceil(endMs / FRAME_MS) - 1, newest);
    const first = Math.max(0, Math.floor(startMs / FRAME_MS), last - KEPT_FRAMES + 1);
    if (last < first) return [];
    const heard = [...this.#histories].filter(([, history]) => spoke(history, first, last));
    const leaksInto = (track: TrackHistory): Crosstalk[] =>
      heard.flatMap(([, voice]) => (voice === track ? [] : [this.#leaks.of(voice, track, newest)]));
    return heard
      .map(([trackSid, track]) => ({ trackSid, ...measure(track, leaksInto(track), first, last) }))
      .filter(({ loudness }) => loudness > FAINTEST)
      .sort((a, b) => b.loudness - a.loudness);
  }

  get #newestFrame(): number {
    return Math.max(-1, ...[...this.#histories.values()].map((history) => history.lastFrame));
  }
}

const spoke = (track: TrackHistory, first: number, last: number): boolean => {
  for (let frame = first; frame <= last; frame++) if (track.speechAt(frame)) return true;
  return false;
};

/** What is left of a track when all that may have leaked in is taken out. */
const measure = (
  track: TrackHistory,
  leaks: readonly Crosstalk[],
  first: number,
  last: number,
): Omit<TrackActivity, 'trackSid'> => {
  let power = 0;
  let speech = 0;
  for (let frame = first; frame <= last; frame++) {
    if (!track.speechAt(frame)) continue;
    let own = track.powerAt(frame);
    for (const leak of leaks) own -= leak.powerAt(frame);
    if (own <= 0) continue;
    power += own;
    speech++;
  }
  const frames = last - first + 1;
  return { loudness: power === 0 ? 0 : power / frames / track.usualPower, speech: speech / frames };
};
