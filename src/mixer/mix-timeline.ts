import { FRAME_MS } from '../media/audio-format.js';
import type { SpeakerTimeline, TrackActivity } from '../media/speaker-timeline.js';
import { KEPT_FRAMES, TrackHistory } from './track-history.js';
import { isLeakOf } from './voice-leak.js';

interface Heard extends TrackActivity {
  readonly history: TrackHistory;
}

/** Who was heard when in the mix of one session. */
export class MixTimeline implements SpeakerTimeline {
  readonly #histories = new Map<string, TrackHistory>();

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

  /**
   * Loudest first, where half of a level difference counts as the speaker's own: who speaks as loud as ever comes before who
   * breathes, though he be fainter. A voice that only leaks into another microphone is left out there.
   */
  activity(startMs: number, endMs: number): TrackActivity[] {
    const last = Math.min(Math.ceil(endMs / FRAME_MS) - 1, this.#newestFrame);
    const first = Math.max(0, Math.floor(startMs / FRAME_MS), last - KEPT_FRAMES + 1);
    if (last < first) return [];
    const heard = [...this.#histories].map(([sid, history]) => measure(sid, history, first, last));
    const speaking = heard.filter(({ speech }) => speech > 0);
    return speaking
      .filter(
        (track) => !speaking.some((other) => other !== track && isLeakOf(track.history, other.history, first, last)),
      )
      .sort((a, b) => loudness(b) - loudness(a))
      .map(({ trackSid, power, speech }) => ({ trackSid, power, speech }));
  }

  get #newestFrame(): number {
    return Math.max(-1, ...[...this.#histories.values()].map((history) => history.lastFrame));
  }
}

const measure = (trackSid: string, history: TrackHistory, first: number, last: number): Heard => {
  let power = 0;
  let speech = 0;
  for (let frame = first; frame <= last; frame++) {
    power += history.powerAt(frame);
    if (history.speechAt(frame)) speech++;
  }
  const frames = last - first + 1;
  return { trackSid, history, power: power / frames, speech: speech / frames };
};

const loudness = ({ power, history }: Heard): number => power / Math.sqrt(history.usualPower);
