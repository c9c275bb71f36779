import { SpeechToText } from './speech-to-text.js';

/** The engine that hears the sessions: Gladia's, or the one that an extension provides in its place. */
export abstract class ActiveEngine extends SpeechToText {}
