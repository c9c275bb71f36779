import { GladiaError } from './gladia-error.js';

/**
 * Checks the WebSocket URL that Gladia returned, absolute or relative to the API's: it decides where people's voices go.
 * @param otherHosts hosts that are allowed beside the API's own domain, in which a region may have its own host
 * @throws GladiaError when it is no WebSocket URL, leads to another host, or lacks TLS although the API uses it
 */
export function socketUrl(given: string, apiUrl: string, otherHosts: readonly string[] = []): string {
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
  if (!isSameDomain(url.hostname, new URL(apiUrl).hostname) && !otherHosts.includes(url.hostname)) {
    throw new GladiaError('unavailable', 'Gladia gave an address on a host that GLADIA_SOCKET_HOSTS does not name');
  }
  return url.href;
}

/** The same host, or one in the same domain, as api.gladia.io and us-west.gladia.io are. */
function isSameDomain(host: string, apiHost: string): boolean {
  if (host === apiHost) return true;
  const domain = apiHost.split('.').slice(-2).join('.');
  return !/^[\d.]+$|^\[/.test(apiHost) && domain.includes('.') && host.endsWith(`.${domain}`);
}
