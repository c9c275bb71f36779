export * from '../client/captions.js';
