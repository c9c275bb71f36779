export * from '../media/frame.js';
export * from '../../libs/audio/pcm.js';
