import type { webcrypto } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { ProcessScope } from './process-scope.js';

// Not imported: Jest would give everybody who imports it what it held at that moment.
const crypto = process.getBuiltinModule('node:crypto');
const { createHash, createHmac, KeyObject, timingSafeEqual } = crypto;
const { subtle } = globalThis.crypto;
const original = { randomUUID: crypto.randomUUID, randomBytes: crypto.randomBytes, random: Math.random };
const outside = new ProcessScope(1);
const scope = (): ProcessScope => ProcessScope.current ?? outside;

const bytesOf = (data: webcrypto.BufferSource): Buffer =>
  ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);

/** The part of WebCrypto that signs tokens, without its thread pool, whose answers come in no fixed order. */
const synchronousSubtle = {
  digest: (_: unknown, data: webcrypto.BufferSource) =>
    Promise.resolve(arrayBuffer(createHash('sha256').update(bytesOf(data)))),
  sign: (_: unknown, key: webcrypto.CryptoKey, data: webcrypto.BufferSource) =>
    Promise.resolve(arrayBuffer(mac(key, data))),
  verify: (_: unknown, key: webcrypto.CryptoKey, signature: webcrypto.BufferSource, data: webcrypto.BufferSource) => {
    const given = bytesOf(signature);
    const expected = mac(key, data).digest();
    return Promise.resolve(given.length === expected.length && timingSafeEqual(given, expected));
  },
};

const mac = (key: webcrypto.CryptoKey, data: webcrypto.BufferSource) =>
  createHmac('sha256', KeyObject.from(key)).update(bytesOf(data));
const arrayBuffer = (hash: { digest(): Buffer }): ArrayBuffer => new Uint8Array(hash.digest()).buffer;

const LIBRARY = /node_modules[\\/](uid|@nestjs)[\\/]/;

/**
 * Whether Nest asks for a random number. How many it draws depends on what was loaded before, so that they must not shift
 * those of the service. In a stack, the caller comes after the error's name, this function and the one that asks.
 */
const isForNest = (): boolean => LIBRARY.test(new Error().stack?.split('\n')[3] ?? '');

/** Makes ids, nonces and the jitter of pauses the same in every run. Import it before the service. */
export function fixRandomness(): void {
  Math.random = () => (isForNest() ? outside : scope()).random();
  Object.assign(crypto, {
    randomUUID: () => scope().uuid(),
    randomBytes: (length: number) => scope().bytes(length),
  });
  for (const [name, value] of Object.entries(synchronousSubtle)) {
    Object.defineProperty(subtle, name, { value, configurable: true, writable: true });
  }
  syncBuiltinESMExports();
}

export function restoreRandomness(): void {
  Math.random = original.random;
  Object.assign(crypto, { randomUUID: original.randomUUID, randomBytes: original.randomBytes });
  for (const name of Object.keys(synchronousSubtle)) Reflect.deleteProperty(subtle, name);
  syncBuiltinESMExports();
}
