/** A host with an IPv6 address usually has the whole /64 network. */
const NETWORK_GROUPS = 4;

/**
 * The key under which a peer is counted: its IPv4 address, mapped into IPv6 or not, or its IPv6 /64 network.
 * A socket that is already closed has no address; all of those count as one.
 */
export function countedAddress(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined) return 'gone';
  const ipv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(remoteAddress)?.[1];
  return ipv4 ?? `${networkOf(remoteAddress)}::/64`;
}

function networkOf(ipv6: string): string {
  const [head = '', tail] = (ipv6.split('%', 1)[0] ?? '').split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  const ending = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - groups.length - ending.length);
  return [...groups, ...Array<string>(gap).fill('0'), ...ending].slice(0, NETWORK_GROUPS).join(':');
}
