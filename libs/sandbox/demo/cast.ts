import { setTimeout } from 'node:timers/promises';
import { loadRecordings } from '../recordings/catalogue.js';
import { conversation } from '../recordings/conversation.js';
import type { Recording } from '../recordings/recording.js';
import type { Sentence } from './verdict.js';

/** Whoever can say a recording in real time: a scripted track, or a real one. */
export interface Voice {
  say(recording: Recording): Promise<void>;
}

/** `alice` is shown as Alice. */
export const displayName = (identity: string): string => identity.charAt(0).toUpperCase() + identity.slice(1);

/** The people of the scripted conversation. */
export const castIdentities = (): string[] => [...new Set(conversation().map(({ speaker }) => speaker))];

/**
 * Plays the scripted conversation once, in real time: each turn begins at its time, whatever the others are saying.
 * Resolves with what was said when the last word is out.
 */
export async function play(voices: ReadonlyMap<string, Voice>, signal?: AbortSignal): Promise<Sentence[]> {
  const recordings = new Map(loadRecordings().map((recording) => [recording.id, recording]));
  const startedAtMs = performance.now();
  const said: Sentence[] = [];
  const speaking: Promise<void>[] = [];
  for (const turn of conversation()) {
    await until(startedAtMs + turn.startMs, signal);
    if (signal?.aborted) break;
    const recording = recordings.get(turn.recordingId);
    const voice = voices.get(turn.speaker);
    if (recording === undefined || voice === undefined) throw new Error(`nobody can say ${turn.recordingId}`);
    said.push({ speaker: turn.speaker, text: recording.text });
    speaking.push(voice.say(recording));
  }
  await Promise.all(speaking);
  return said;
}

async function until(atMs: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(Math.max(0, atMs - performance.now()), undefined, { signal }).catch(() => undefined);
}
