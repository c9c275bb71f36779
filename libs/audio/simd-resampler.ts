import type { ResampleFilter } from './resample-filter.js';
import { MAX_INPUT_BYTES, type Resampler } from './resampler.js';
import { RESAMPLER_WASM_BASE64 } from './resampler.wasm.js';
import { SampleViews } from './sample-views.js';

const PAGE_BYTES = 65_536;
const MAX_TAPS = 192;
const INPUT_AT = 1024;
const WORK_AT = INPUT_AT + MAX_INPUT_BYTES + 60;
const OUTPUT_AT = WORK_AT + MAX_INPUT_BYTES + 2 * MAX_TAPS + 60;
const TRACKS_AT = OUTPUT_AT + 2 * MAX_INPUT_BYTES + 60;
const FILTER_HEADER_BYTES = 24;
const TRACK_HEADER_BYTES = 16;
const TRACK_BYTES = TRACK_HEADER_BYTES + 2 * MAX_TAPS;

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The part of the global `WebAssembly` that is used here: neither ES2023 nor Node's types declare it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

interface ResamplerExports {
  readonly memory: WasmMemory;
  resample(track: number, input: number, count: number, work: number, output: number): number;
}

/**
 * The SIMD implementation: one WebAssembly instance and one memory for all tracks of the process. A track is a pointer.
 * Layout of the memory: input, work and output buffers, which all tracks share; then filters and tracks as they are added.
 */
export class SimdEngine {
  readonly #wasm: ResamplerExports;
  readonly #filters = new Map<ResampleFilter, number>();
  readonly #freeTracks: number[] = [];
  #end = TRACKS_AT;
  input: Uint8Array;
  output: SampleViews;

  private constructor(wasm: ResamplerExports) {
    this.#wasm = wasm;
    this.input = new Uint8Array(0);
    this.output = new SampleViews(new Int16Array(0));
    this.#ensureCapacity(0);
    this.#refreshViews();
  }

  /** `null` where the JavaScript engine has no WebAssembly SIMD. */
  static load(): SimdEngine | null {
    try {
      const module = new WebAssembly.Module(Buffer.from(RESAMPLER_WASM_BASE64, 'base64'));
      return new SimdEngine(new WebAssembly.Instance(module).exports as ResamplerExports);
    } catch {
      return null;
    }
  }

  resampler(filter: ResampleFilter, channels: number): Resampler {
    // Before any view is made: placing the filter may grow the memory, which detaches its old buffer.
    const filterAddress = this.#addressOf(filter);
    const track = this.#freeTracks.pop() ?? this.#reserve(TRACK_BYTES);
    const bytes = new Uint8Array(this.#wasm.memory.buffer, track, TRACK_BYTES).fill(0);
    new Int32Array(bytes.buffer, track, 2).set([filterAddress, channels]);
    return new SimdResampler(this, track);
  }

  resample(track: number, count: number): Int16Array {
    return this.output.first(this.#wasm.resample(track, INPUT_AT, count, WORK_AT, OUTPUT_AT));
  }

  release(track: number): void {
    this.#freeTracks.push(track);
  }

  /** Copies a filter into the memory once. */
  #addressOf(filter: ResampleFilter): number {
    const known = this.#filters.get(filter);
    if (known !== undefined) return known;
    const { up, down, taps, coefficients, fine, gain } = filter;
    const fineAt = fine === undefined ? 0 : coefficients.byteLength;
    const address = this.#reserve(FILTER_HEADER_BYTES + coefficients.byteLength + fineAt);
    const { buffer } = this.#wasm.memory;
    new Int32Array(buffer, address, 4).set([up, down, taps, fineAt]);
    new Float64Array(buffer, address + 16, 1)[0] = gain;
    new Int16Array(buffer, address + FILTER_HEADER_BYTES, coefficients.length).set(coefficients);
    if (fine !== undefined) {
      new Int16Array(buffer, address + FILTER_HEADER_BYTES + fineAt, fine.length).set(fine);
    }
    this.#filters.set(filter, address);
    return address;
  }

  #reserve(bytes: number): number {
    const address = (this.#end + 15) & ~15;
    this.#ensureCapacity(address + bytes);
    this.#end = address + bytes;
    return address;
  }

  #ensureCapacity(end: number): void {
    const { memory } = this.#wasm;
    const missing = Math.max(end, this.#end) - memory.buffer.byteLength;
    if (missing <= 0) return;
    memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.#refreshViews();
  }

  /** When the memory grows, the views on its old buffer become detached. */
  #refreshViews(): void {
    const { buffer } = this.#wasm.memory;
    this.input = new Uint8Array(buffer, INPUT_AT, MAX_INPUT_BYTES);
    this.output = new SampleViews(new Int16Array(buffer, OUTPUT_AT, MAX_INPUT_BYTES));
  }
}

class SimdResampler implements Resampler {
  readonly #engine: SimdEngine;
  readonly #track: number;

  constructor(engine: SimdEngine, track: number) {
    this.#engine = engine;
    this.#track = track;
  }

  get input(): Uint8Array {
    return this.#engine.input;
  }

  resample(count: number): Int16Array {
    return this.#engine.resample(this.#track, count);
  }

  close(): void {
    this.#engine.release(this.#track);
  }
}
