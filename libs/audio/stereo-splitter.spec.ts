import { describe, expect, it } from '@jest/globals';
import { StereoSplitter } from './stereo-splitter.js';

/** Left counts up from 1, right down from -1. */
const stereo = (instants: number): Uint8Array =>
  new Uint8Array(Int16Array.from({ length: instants * 2 }, (_, i) => (i % 2 === 0 ? 1 : -1) * ((i >> 1) + 1)).buffer);
const samplesOf = (bytes: Uint8Array): number[] => [...new Int16Array(bytes.slice().buffer)];

describe('StereoSplitter', () => {
  it.each([1, 2, 3, 4, 5, 7, 64, 1920])('splits both channels exactly, in chunks of %i bytes', (pieceBytes) => {
    const splitter = new StereoSplitter(1920);
    const whole = stereo(960);
    const left: number[] = [];
    const right: number[] = [];
    for (let at = 0; at < whole.length; at += pieceBytes) {
      splitter.split(whole.subarray(at, at + pieceBytes));
      left.push(...samplesOf(splitter.left));
      right.push(...samplesOf(splitter.right));
      expect(splitter.left.length).toBe(splitter.right.length);
    }
    expect(left).toEqual(Array.from({ length: 960 }, (_, i) => i + 1));
    expect(right).toEqual(Array.from({ length: 960 }, (_, i) => -i - 1));
  });

  it('makes no new view for chunks of equal length', () => {
    const splitter = new StereoSplitter(1920);
    splitter.split(stereo(480));
    const { left, right } = splitter;
    splitter.split(stereo(480));
    expect(splitter.left).toBe(left);
    expect(splitter.right).toBe(right);
  });
});
