import { describe, expect, it } from '@jest/globals';
import { roomWishesSchema, speechOptionsFor, speechOptionsSchema } from './speech-options.js';

const everything = {
  spoken: ['en', 'fr'],
  translateTo: ['de', 'wo'],
  codeSwitching: false,
  translation: { model: 'enhanced', context: 'a stand-up', informal: true, lipsync: false },
  vocabulary: ['Roomscribe', { value: 'Egress', intensity: 0.4, pronunciations: ['ee gress'], language: 'en' }],
  vocabularyIntensity: 0.5,
  spelling: { SQL: ['Sequel'] },
  namedEntities: true,
  sentiment: true,
  summary: 'bullet_points',
  endpointingS: 0.5,
  maxUtteranceS: 20,
  audioEnhancer: true,
  speechThreshold: 0.7,
  region: 'us-west',
  metadata: { team: 'red' },
};

describe('speech options', () => {
  it('take all that Gladia takes', () => {
    expect(speechOptionsSchema.parse(everything)).toEqual(everything);
    expect(speechOptionsSchema.parse({})).toEqual({});
  });

  it.each<[string, Record<string, unknown>]>([
    ['spoken.0', { spoken: ['en-US'] }],
    ['spoken.0', { spoken: ['wo'] }],
    ['translateTo.1', { translateTo: ['de', 'xx'] }],
    ['translation.model', { translation: { model: 'best' } }],
    ['vocabulary.0.intensity', { vocabulary: [{ value: 'x', intensity: 2 }] }],
    ['vocabularyIntensity', { vocabularyIntensity: 1.1 }],
    ['spelling.SQL', { spelling: { SQL: [] } }],
    ['summary', { summary: 'long' }],
    ['endpointingS', { endpointingS: 0.001 }],
    ['maxUtteranceS', { maxUtteranceS: 61 }],
    ['speechThreshold', { speechThreshold: -0.1 }],
    ['region', { region: 'mars' }],
    ['metadata', { metadata: { note: 'x'.repeat(1_900) } }],
    ['', { diarization: true }],
  ])('name the field that does not fit: %s', (path, wishes) => {
    const { error } = speechOptionsSchema.safeParse(wishes);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it('are the defaults, then those of every pattern that fits the room, then the session’s own', () => {
    const byRoom = roomWishesSchema.parse(
      '{"*":{"sentiment":true,"endpointingS":1},"team-*":{"spoken":["en","fr"],"endpointingS":2},"x.y":{"summary":"concise"}}',
    );
    const defaults = { spoken: [], translateTo: ['de'] };
    expect(speechOptionsFor('team-red', defaults, byRoom, { translateTo: [] })).toEqual({
      spoken: ['en', 'fr'],
      translateTo: [],
      sentiment: true,
      endpointingS: 2,
    });
    expect(speechOptionsFor('xzy', defaults, byRoom, {})).not.toHaveProperty('summary');
    expect(speechOptionsFor('x.y', defaults, byRoom, {})).toHaveProperty('summary');
  });

  it('say of a room what is wrong with it', () => {
    expect(roomWishesSchema.safeParse('{').error?.issues[0]?.message).toContain('must be a JSON object');
    const { error } = roomWishesSchema.safeParse('{"a":{},"b":{"endpointingS":"soon"}}');
    expect(error?.issues.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^must fit, but in entry 2 endpointingS does not: /),
    ]);
  });
});
