import { EgressClient, RoomServiceClient, type ClientOptions } from 'livekit-server-sdk';
import type { LiveKitConfig } from '../config/namespaces.js';

const REQUEST_TIMEOUT_S = 10;

/** LiveKit's own client for rooms, with the key that the configuration names. */
export const roomServiceClient = (config: LiveKitConfig, options?: ClientOptions): RoomServiceClient =>
  new RoomServiceClient(config.httpUrl, config.apiKey, config.apiSecret, {
    requestTimeout: REQUEST_TIMEOUT_S,
    ...options,
  });

/**
 * LiveKit's own client for Egress. It asks one region alone: a start that was not answered may have succeeded, and would
 * be made a second time in another region.
 */
export const egressClient = (config: LiveKitConfig, options?: ClientOptions): EgressClient =>
  new EgressClient(config.httpUrl, config.apiKey, config.apiSecret, {
    requestTimeout: REQUEST_TIMEOUT_S,
    ...options,
    failover: false,
  });
