export * from '../../src/media/frame.js';
