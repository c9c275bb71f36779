/** A wrong answer to one HTTP request. A `body` that is a string is sent as HTML. `create-and-hang` is for a POST. */
export type HttpFault =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | 'hang'
  | 'create-and-hang'
  | 'reset';

/** What is done to one upgrade: an HTTP status, no answer, or a reset. */
export type UpgradeFault = number | 'hang' | 'reset';

/**
 * What happens to one socket, once so much time has passed since it opened and so many bytes of audio have come.
 * `silence` keeps it open but neither reads nor writes any more; `deaf` only stops reading.
 */
export interface SocketFault {
  readonly afterMs?: number;
  readonly afterBytes?: number;
  readonly then: { readonly close: number; readonly reason?: string } | 'reset' | 'fin' | 'silence' | 'deaf';
}

/** Faults that wait, first come first served: each is injected once. */
export interface Faults {
  readonly posts: HttpFault[];
  readonly gets: HttpFault[];
  readonly deletes: HttpFault[];
  readonly upgrades: UpgradeFault[];
  readonly sockets: SocketFault[];
}

export const noFaults = (): Faults => ({ posts: [], gets: [], deletes: [], upgrades: [], sockets: [] });

/** Adds the given faults to those that wait. */
export function addFaults(faults: Faults, more: Partial<Faults>): void {
  faults.posts.push(...(more.posts ?? []));
  faults.gets.push(...(more.gets ?? []));
  faults.deletes.push(...(more.deletes ?? []));
  faults.upgrades.push(...(more.upgrades ?? []));
  faults.sockets.push(...(more.sockets ?? []));
}

/** One wrong kind of message for each thing that a client must bear (as text, or as bytes for a binary frame). */
export const malformedMessages: readonly (string | Buffer)[] = [
  '{ not json',
  '[]',
  'null',
  '42',
  '"text"',
  '{}',
  '{"type":"something_new","data":{}}',
  '{"type":"transcript"}',
  '{"type":"transcript","data":null}',
  '{"type":"transcript","data":{"id":7,"is_final":"yes","utterance":{"text":null,"start":"a","end":{}}}}',
  '{"type":"audio_chunk","acknowledged":true,"data":{"byte_range":"all"}}',
  '{"type":"audio_chunk","acknowledged":true,"error":null,"data":{"byte_range":[null,"x"],"time_range":[]}}',
  '{"type":"translation","error":{"message":"failed"},"data":null}',
  '{"type":"error","data":{"code":500,"message":"internal"}}',
  Buffer.from([0, 1, 2, 3]),
];

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
