export * from '../gladia/live-client.js';
