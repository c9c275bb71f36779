const MAX_PACKET_MS = 120;

/** By configuration: SILK in three bandwidths, hybrid in two, CELT in four. */
const FRAME_MS = [
  ...[10, 20, 40, 60, 10, 20, 40, 60, 10, 20, 40, 60],
  ...[10, 20, 10, 20],
  ...[2.5, 5, 10, 20, 2.5, 5, 10, 20, 2.5, 5, 10, 20, 2.5, 5, 10, 20],
];

/** How long a packet sounds by its first bytes (RFC 6716, 3.1 and 3.2), or `null` where they make no sense. */
export const packetMs = (packet: Uint8Array): number | null => {
  const toc = packet[0];
  if (toc === undefined) return null;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63;
  const ms = frames * (FRAME_MS[toc >> 3] ?? 0);
  return ms > 0 && ms <= MAX_PACKET_MS ? ms : null;
};
