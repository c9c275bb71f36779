import { EgressClient, RoomServiceClient, type ClientOptions } from 'livekit-server-sdk';
import type { LiveKitConfig } from '../config/namespaces.js';

const REQUEST_TIMEOUT_S = 10;

/** LiveKit's client for rooms, with the configured API key. */
export const roomServiceClient = (config: LiveKitConfig, options?: ClientOptions): RoomServiceClient =>
  new RoomServiceClient(config.httpUrl, config.apiKey, config.apiSecret, {
    requestTimeout: REQUEST_TIMEOUT_S,
    ...options,
  });

/**
 * LiveKit's client for Egress. Region failover is off: a start without an answer may have succeeded, and would be repeated
 * in another region.
 */
export const egressClient = (config: LiveKitConfig, options?: ClientOptions): EgressClient =>
  new EgressClient(config.httpUrl, config.apiKey, config.apiSecret, {
    requestTimeout: REQUEST_TIMEOUT_S,
    ...options,
    failover: false,
  });
