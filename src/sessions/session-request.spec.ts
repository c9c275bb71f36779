import { describe, expect, it } from '@jest/globals';
import { sessionRequestSchema } from './session-request.js';

const problemsOf = (body: unknown): string[] | undefined =>
  sessionRequestSchema.safeParse(body).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('the body of POST /sessions', () => {
  it('takes every option of speech', () => {
    const body = { room: 'r', options: { vocabulary: ['Roomscribe'], summary: 'concise', metadata: { team: 'red' } } };
    expect(sessionRequestSchema.parse(body)).toEqual(body);
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
