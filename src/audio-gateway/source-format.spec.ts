import { describe, expect, it } from '@jest/globals';
import { parseSourceFormat } from './source-format.js';

describe('parseSourceFormat', () => {
  it.each([
    ['audio/x-raw', 'pcm'],
    ['Audio/X-Raw; charset=x', 'pcm'],
    ['audio/opus', 'opus'],
    ['audio/opus;rate=48000;channels=2', 'opus'],
  ])('%s is %s', (contentType, codec) => {
    expect(parseSourceFormat(contentType)?.codec).toBe(codec);
  });

  it.each([undefined, '', 'audio', 'audio/ogg', 'text/plain', 'audio/opusx'])('refuses %s', (contentType) => {
    expect(parseSourceFormat(contentType)).toBeUndefined();
  });
});
