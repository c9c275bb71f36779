export * from './mixer.module.js';
