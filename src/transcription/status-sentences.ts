import type { TranscriptionStatus } from '../events/domain-events.js';
import type { SpeechState } from './speech-to-text.js';

/** What the people in the room are told: what it means for them, not what broke. */
export const STATUS_SENTENCES: Record<Exclude<TranscriptionStatus, 'degraded'>, string> = {
  live: 'Live transcription is on.',
  recovered: 'Live transcription is back.',
  gap: 'A part of the conversation could not be transcribed.',
  ended: 'Live transcription has ended.',
};

/** The states in which nothing is being transcribed, though it should be. */
export const DEGRADED_SENTENCES: Partial<Record<SpeechState, string>> = {
  reconnecting: 'Live transcription is interrupted. What is said now is kept and will be transcribed later.',
  'waiting-for-slot': 'Live transcription is waiting for free capacity. What is said now is kept for a while.',
  refused: 'Live transcription is not available. Please tell whoever runs this service.',
};
