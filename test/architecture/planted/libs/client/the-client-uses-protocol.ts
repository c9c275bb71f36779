export * from '../audio/pcm.js';
