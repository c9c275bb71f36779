import { loadRecordings } from './catalogue.js';

/** A sentence's place in the scripted conversation. */
export interface Turn {
  readonly speaker: string;
  readonly recordingId: string;
  readonly startMs: number;
}

/** Recording, and the pause before it in ms; below zero it begins over the end of the one before. */
const script: readonly (readonly [recordingId: string, pauseMs: number])[] = [
  ['alice-1', 500],
  ['bob-1', 450],
  ['carol-1', 600],
  ['alice-2', 700],
  ['bob-6', -300],
  ['carol-2', 500],
  ['alice-3', 150],
  ['bob-3', 350],
  ['carol-7', -280],
  ['bob-4', 400],
  ['alice-4', 800],
  ['carol-6', 150],
  ['alice-6', 300],
];

/** Three people talking for about 35 s: natural pauses, quick changes, two short overlaps. */
export function conversation(): Turn[] {
  const recordings = new Map(loadRecordings().map((recording) => [recording.id, recording]));
  let endMs = 0;
  return script.map(([recordingId, pauseMs]) => {
    const recording = recordings.get(recordingId);
    if (!recording) throw new Error(`no recording ${recordingId}`);
    const startMs = Math.round(endMs + pauseMs);
    endMs = startMs + recording.samples.length / 16;
    return { speaker: recording.speaker, recordingId, startMs };
  });
}
