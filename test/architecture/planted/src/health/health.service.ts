export * from '../mixer/mixer.health.js';
