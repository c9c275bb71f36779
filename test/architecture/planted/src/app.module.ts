export * from './mixer/mixer.module.js';
