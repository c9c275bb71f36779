import { EgressClient, RoomServiceClient, type ClientOptions } from 'livekit-server-sdk';
import type { Config } from '../config/config.js';

const REQUEST_TIMEOUT_S = 10;

/** LiveKit's client for rooms, with the configured API key. */
export const roomServiceClient = ({ livekit }: Config, options?: ClientOptions): RoomServiceClient =>
  new RoomServiceClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret, {
    requestTimeout: REQUEST_TIMEOUT_S,
    ...options,
  });

/**
 * LiveKit's client for Egress. Region failover is off: a start without an answer may have succeeded, and would be repeated
 * in another region.
 */
export const egressClient = ({ livekit }: Config, options?: ClientOptions): EgressClient =>
  new EgressClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret, {
    requestTimeout: REQUEST_TIMEOUT_S,
    ...options,
    failover: false,
  });
