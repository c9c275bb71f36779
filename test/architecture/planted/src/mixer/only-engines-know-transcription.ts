export * from '../transcription/speech-to-text.js';
