const MAX_PACKET_MS = 120;

const frameMs = (configuration: number): number => {
  if (configuration < 12) return [10, 20, 40, 60][configuration & 3]!;
  if (configuration < 16) return [10, 20][configuration & 1]!;
  return [2.5, 5, 10, 20][configuration & 3]!;
};

/** How long a packet sounds by its first bytes (RFC 6716, 3.1 and 3.2), or `null` where they make no sense. */
export const packetMs = (packet: Uint8Array): number | null => {
  const toc = packet[0];
  if (toc === undefined) return null;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63;
  const ms = frames * frameMs(toc >> 3);
  return ms > 0 && ms <= MAX_PACKET_MS ? ms : null;
};
