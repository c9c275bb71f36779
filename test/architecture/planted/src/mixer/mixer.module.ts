export * from './mixer.js';
export * from '../gladia/gladia.module.js';
