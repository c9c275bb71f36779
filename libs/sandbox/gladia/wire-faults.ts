const text = (payload: Buffer, firstByte = 0x81): Buffer => {
  const length = payload.length;
  if (length < 126) return Buffer.concat([Buffer.from([firstByte, length]), payload]);
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header[0] = firstByte;
  header[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) header.writeUInt16BE(length, 2);
  else header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
};

const message = Buffer.from('{"type":"speech_start","data":{"time":0,"channel":0}}');
const pings = 1_000;

/** Bytes below the level of messages, as they go over the wire. The first two are violations, the others only odd. */
export const wireFaults = {
  rsvBit: text(message, 0xc1),
  invalidUtf8: text(Buffer.from([0x22, 0xff, 0xfe, 0x22])),
  fragmented: Buffer.concat([
    text(message.subarray(0, 10), 0x01),
    text(message.subarray(10, 20), 0x00),
    text(message.subarray(20), 0x80),
  ]),
  pingFlood: Buffer.concat(Array.from({ length: pings }, () => text(Buffer.from('ping'), 0x89))),
  hugeMessage: text(Buffer.from(`{"type":"something_new","data":"${'x'.repeat(5_000_000)}"}`)),
} satisfies Record<string, Buffer>;

export type WireFault = keyof typeof wireFaults;

export const isWireFault = (name: unknown): name is WireFault =>
  typeof name === 'string' && Object.hasOwn(wireFaults, name);
