export * from '../audio/pcm.js';
export * from '../protocol/message.js';
