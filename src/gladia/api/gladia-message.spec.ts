import { describe, expect, it } from '@jest/globals';
import { parseMessage } from './gladia-message.js';

const parse = (message: unknown) => parseMessage(JSON.stringify(message));
const utterance = { text: ' Hi', start: 0.1, end: 0.5, language: 'en', confidence: 2, words: [] };

describe('parseMessage', () => {
  it('reads an acknowledgment', () => {
    const data = { byte_range: [1024, 2048], time_range: [0.8, 0.9] };
    expect(parse({ type: 'audio_chunk', acknowledged: true, error: null, data })).toEqual({
      kind: 'acknowledged',
      startByte: 1024,
      endByte: 2048,
    });
  });

  it('reads a transcript, keeps confidence in range and leaves invalid words out', () => {
    const words = [{ word: ' Hi', start: 0.1, end: 0.5 }, { word: 7 }, null];
    const message = parse({ type: 'transcript', data: { id: 3, is_final: true, utterance: { ...utterance, words } } });
    expect(message).toEqual({
      kind: 'transcript',
      id: '3',
      final: true,
      utterance: { ...utterance, confidence: 1, words: [{ word: ' Hi', start: 0.1, end: 0.5, confidence: 1 }] },
    });
  });

  it('reads a transcript without words, language and confidence', () => {
    const bare = { text: 'Hi', start: 0, end: 1 };
    expect(parse({ type: 'transcript', data: { id: '0', is_final: false, utterance: bare } })).toMatchObject({
      utterance: { ...bare, language: '', confidence: 1, words: [] },
    });
  });

  it('reads the whole result', () => {
    const transcription = { full_transcript: 'Hi', utterances: [utterance, { text: 1 }] };
    expect(parse({ type: 'post_final_transcript', data: { transcription } })).toMatchObject({
      kind: 'result',
      utterances: [{ text: ' Hi' }],
    });
  });

  it.each([
    [{ type: 'audio_chunk', acknowledged: false, error: { message: 'x' }, data: null }, 'audio_chunk'],
    [{ type: 'stop_recording', acknowledged: false, error: { exception: 'x' }, data: null }, 'stop_recording'],
    [{ type: 'translation', error: { message: 'x' }, data: null }, 'translation'],
    [{ type: 'error', data: { code: 1, message: 'x' } }, 'error'],
  ])('takes %j for a problem', (message, of) => {
    expect(parse(message)).toEqual({ kind: 'problem', of });
  });

  it.each([
    ['', 'not JSON'],
    ['{"type":', 'not JSON'],
    ['null', 'no type'],
    ['[]', 'no type'],
    ['7', 'no type'],
    ['{"type":null}', 'no type'],
    ['{"type":"toString"}', 'unknown type'],
    ['{"type":"transcript","data":null}', 'transcript'],
    ['{"type":"transcript","data":{"id":"0","is_final":"yes","utterance":{}}}', 'transcript'],
    ['{"type":"audio_chunk"}', 'audio_chunk'],
    ['{"type":"audio_chunk","data":{"byte_range":["0",1]}}', 'audio_chunk'],
    ['{"type":"post_final_transcript","data":{}}', 'post_final_transcript'],
    [undefined, 'binary'],
  ])('calls %s malformed: %s', (frame, what) => {
    expect(parseMessage(frame)).toEqual({ kind: 'malformed', what });
  });
});
