export type { LiveClient } from '../gladia/live-client.js';
