/**
 * The WebAssembly build of libopus in `opusscript`, used directly. The package's own wrapper has two faults: it keeps views on a
 * memory that grows, which breaks every older decoder, and it lets libopus write at twice the address that it reserved.
 */
declare module 'opusscript/build/opusscript_native_wasm.js' {
  interface OpusHandler {
    /** Samples decoded, or a negative libopus error. Writes each byte of the S16LE output as 16 bits. */
    _decode(packetAddress: number, packetBytes: number, outputAddress: number): number;
    _encode(pcmAddress: number, pcmBytes: number, outputAddress: number, samples: number): number;
  }
  interface OpusNative {
    readonly HEAPU8: Uint8Array;
    readonly HEAPU16: Uint16Array;
    readonly OpusScriptHandler: {
      new (rateHz: number, channels: number, application: number): OpusHandler;
      destroy_handler(handler: OpusHandler): void;
    };
    _malloc(bytes: number): number;
  }
  export type { OpusHandler, OpusNative };
  export default function load(): OpusNative;
}
