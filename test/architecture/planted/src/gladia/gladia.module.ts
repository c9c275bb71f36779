export * from './live-client.js';
