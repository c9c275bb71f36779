import { describe, expect, it } from '@jest/globals';
import { FakeRoom } from './fake-room.spec-kit.js';
import { createTranscript } from './index.js';
import { MessageMaker } from './messages.spec-kit.js';
import { turnsOf } from './turns.js';

const [alice, bob] = ['Alice', 'Bob'].map((name) => ({ identity: name.toLowerCase(), name, trackSid: 'TR' }));

describe('turnsOf', () => {
  it('groups by speaker, leaves out what is retracted, and has gaps where they are', () => {
    const [room, make] = [new FakeRoom(), new MessageMaker()];
    const transcript = createTranscript(room);
    for (const message of [
      make.transcript('1', 'One', { startMs: 1_000, speaker: alice! }),
      make.transcript('2', '', { startMs: 2_000, speaker: bob! }),
      make.transcript('3', 'three', { startMs: 3_000, speaker: alice! }),
      make.transcript('4', 'Four', { startMs: 4_000, speaker: bob! }),
      make.transcript('6', 'Six', { startMs: 6_000, speaker: bob! }),
      make.transcript('7', 'Both', { startMs: 7_000, speaker: null, candidates: [alice!, bob!] }),
      make.transcript('8', 'Nobody', { startMs: 8_000, speaker: null }),
      make.status('gap', 'Missing.', { startMs: 5_000, endMs: 5_500 }),
    ]) {
      room.receive(message);
    }
    const turns = turnsOf(transcript.segments, transcript.gaps).map((turn) =>
      'gap' in turn ? turn.gap.message : `${turn.speaker}: ${turn.segments.map(({ text }) => text).join(' ')}`,
    );
    expect(turns).toEqual(['Alice: One three', 'Bob: Four', 'Missing.', 'Bob: Six', 'Alice / Bob: Both', ': Nobody']);
    transcript.close();
  });
});
