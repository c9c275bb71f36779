import { BadRequestException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { parseSessionRequest } from './session-request.js';

const problemsOf = (body: unknown): unknown => {
  try {
    parseSessionRequest(body);
  } catch (error) {
    if (error instanceof BadRequestException) return (error.getResponse() as { message: unknown }).message;
    throw error;
  }
  return undefined;
};

describe('the body of POST /sessions', () => {
  it('takes every option of speech', () => {
    const body = { room: 'r', options: { vocabulary: ['Roomscribe'], summary: 'concise', metadata: { team: 'red' } } };
    expect(parseSessionRequest(body)).toEqual(body);
  });

  it('names the option that does not fit', () => {
    expect(problemsOf({ room: 'r', options: { endpointingS: 99, translation: { model: 'best' } } })).toEqual([
      expect.stringMatching(/^options\.translation\.model: /),
      expect.stringMatching(/^options\.endpointingS: /),
    ]);
    expect(problemsOf({ room: 'r', languages: ['en', 'xx'], translation: ['zzz'] })).toEqual([
      expect.stringMatching(/^languages\.1: must be /),
      expect.stringMatching(/^translation\.0: must be /),
    ]);
    expect(problemsOf({ room: 'r', languages: ['haw'], translation: ['wo'] })).toBeUndefined();
    expect(problemsOf({ room: 'r', options: { speed: 2 } })).toEqual([expect.stringContaining('speed')]);
  });
});
