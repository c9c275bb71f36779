import { describe, expect, it } from '@jest/globals';
import { ConfigError, parseConfig } from './parse-config.js';

const enough = {
  LIVEKIT_API_KEY: 'key',
  LIVEKIT_API_SECRET: 'a-secret-value',
  NEXT_PUBLIC_LIVEKIT_URL: 'wss://rooms.example.org',
  GLADIA_API_KEY: 'gladia-value',
};

const problemsOf = (environment: Record<string, unknown>): readonly string[] => {
  try {
    parseConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('parseConfig', () => {
  it('needs four variables and has a default for the rest', () => {
    const config = parseConfig(enough);
    expect(config.livekit.httpUrl).toBe('https://rooms.example.org');
    expect(config.egress).toMatchObject({ websocketBaseUrl: 'ws://localhost:3001/egress/audio', maxConcurrent: 2 });
    expect(config.egress.overflow).toEqual(['queue']);
    expect(config.publisher.topic).toBe('transcription');
    expect(config.http.port).toBe(3001);
    expect(config.overload.loopShare).toBe(0.7);
  });

  it('lists every bad or missing key at once, with what to do', () => {
    const problems = problemsOf({
      PORT: 'many',
      EGRESS_MAX_CONCURRENT: '0',
      LIVEKIT_API_KEY: 'key',
      AUTO_START: 'maybe',
    });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(
      expect.arrayContaining(['PORT', 'EGRESS_MAX_CONCURRENT', 'LIVEKIT_API_SECRET', 'GLADIA_API_KEY', 'AUTO_START']),
    );
    expect(problems.join()).toContain('is missing: set it to');
  });

  it('never shows a value', () => {
    const problems = problemsOf({
      ...enough,
      GLADIA_API_URL: 'hunter2',
      NEXT_PUBLIC_LIVEKIT_URL: 'hunter2',
      PORT: 'hunter2',
    });
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('refuses an Egress address on localhost in production', () => {
    const production = { ...enough, NODE_ENV: 'production' };
    expect(problemsOf(production)).toEqual([expect.stringContaining('EGRESS_WEBSOCKET_BASE_URL')]);
    expect(problemsOf({ ...production, EGRESS_WEBSOCKET_BASE_URL: 'ws://localhost:3001/egress/audio' })).toHaveLength(
      1,
    );
    expect(problemsOf({ ...production, EGRESS_WEBSOCKET_BASE_URL: 'wss://here.example.org/egress/audio' })).toEqual([]);
  });

  it('asks for LiveKit’s address where neither form of it is given', () => {
    const { NEXT_PUBLIC_LIVEKIT_URL: _, ...without } = enough;
    expect(problemsOf(without)).toEqual([expect.stringContaining('NEXT_PUBLIC_LIVEKIT_URL')]);
    expect(parseConfig({ ...without, LIVEKIT_HTTP_URL: 'http://127.0.0.1:7880' }).livekit.httpUrl).toBe(
      'http://127.0.0.1:7880',
    );
  });

  it('reads audio by the fast path unless that is switched off', () => {
    expect(parseConfig(enough).http.wsFastPath).toBe(true);
    expect(parseConfig({ ...enough, WS_FAST_PATH: 'off' }).http.wsFastPath).toBe(false);
    expect(problemsOf({ ...enough, WS_FAST_PATH: 'no' })).toEqual([expect.stringContaining('WS_FAST_PATH')]);
  });

  it('takes an empty variable for an unset one', () => {
    expect(parseConfig({ ...enough, GLADIA_REGION: '', PORT: '' }).http.port).toBe(3001);
  });

  it('cannot be changed afterwards', () => {
    const config = parseConfig(enough);
    expect(() => Object.assign(config.gladia, { apiKey: 'other' })).toThrow(TypeError);
  });
});
