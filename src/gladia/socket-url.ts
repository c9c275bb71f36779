import { GladiaError } from './gladia-error.js';

/**
 * The address that Gladia gave for the sound, absolute or relative to the API's. It may name another host.
 * @throws GladiaError when it is no WebSocket address, or would leave TLS although the API uses it.
 */
export function socketUrl(given: string, apiUrl: string): string {
  if (!URL.canParse(given, apiUrl)) throw new GladiaError('unavailable', 'Gladia gave an address that cannot be read');
  const url = new URL(given, apiUrl);
  url.protocol = url.protocol.replace(/^http/, 'ws');
  url.hash = '';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw new GladiaError('unavailable', 'Gladia gave an address that is not a WebSocket');
  }
  if (url.protocol === 'ws:' && apiUrl.startsWith('https:')) {
    throw new GladiaError('unavailable', 'Gladia gave an address without TLS');
  }
  return url.href;
}
