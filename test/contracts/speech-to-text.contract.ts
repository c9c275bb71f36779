import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { timePasses } from '../../libs/testing/virtual-time.spec-kit.js';
import {
  SessionEnded,
  SessionLive,
  TrackPublished,
  TranscriptionStatusChanged,
  TranscriptReady,
} from '../../src/events/domain-events.js';
import { EventBus } from '../../src/events/event-bus.js';
import type { SpeechReport, SpeechStream, SpeechToText } from '../../src/transcription/speech-to-text.js';
import { TranscriptionService } from '../../src/transcription/transcription.service.js';
import type { SpeakerTimeline } from '../../src/media/speaker-timeline.js';
import { SessionProblems } from '../../src/sessions/session-problems.port.js';

const FRAME = 320;
const PAUSE_SAMPLES = 16_000;
const RIGHT_TO_MS = 50;

const recordings = new Map(loadRecordings().map((recording) => [recording.id, recording]));

/** The named recordings one after the other, a second apart, and who is heard when. */
export function talk(...ids: string[]) {
  const turns: { trackSid: string; text: string; startMs: number; from: number; sound: Int16Array }[] = [];
  let end = PAUSE_SAMPLES;
  for (const id of ids) {
    const { speaker, text, words, samples } = recordings.get(id)!;
    const startMs = end / 16 + words[0]!.startMs;
    turns.push({ trackSid: `TR_${speaker}`, text, startMs, from: end, sound: samples });
    end += samples.length + PAUSE_SAMPLES;
  }
  const sound = new Int16Array(Math.ceil(end / FRAME) * FRAME);
  for (const turn of turns) sound.set(turn.sound, turn.from);
  const timeline: SpeakerTimeline = {
    activity: (startMs, endMs) =>
      turns
        .filter(({ from, sound: { length } }) => startMs * 16 < from + length && endMs * 16 > from)
        .map(({ trackSid }) => ({ trackSid, loudness: 1, speech: 1 })),
  };
  return { turns, sound, timeline };
}

export type Talk = ReturnType<typeof talk>;

const wholeFrames = (samples: number): number => Math.floor(samples / FRAME) * FRAME;

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z' ]+/g, '');

/** An engine and the server that it talks to, which recognises the bundled recordings. */
export interface EngineUnderTest {
  readonly engine: SpeechToText;
  close(): Promise<void>;
}

/** What is told of the sessions of one engine, from the mixed sound on. */
export class Room {
  readonly segments: TranscriptReady['segment'][] = [];
  readonly statuses: string[] = [];
  readonly service: TranscriptionService;
  readonly #bus = new EventBus(new EventEmitter2());
  readonly #live = this.#told('live');
  readonly #ended = this.#told('ended');

  constructor(engine: SpeechToText) {
    this.service = new TranscriptionService(this.#bus, engine, new SessionProblems(this.#bus));
    this.#bus.on(TranscriptReady, ({ segment }) => void this.segments.push(segment));
    this.#bus.on(TranscriptionStatusChanged, ({ status }) => void this.statuses.push(status));
    this.service.onModuleInit();
    this.#bus.publish(new SessionLive('s', 'room', 0, { spoken: ['en'], translateTo: [] }));
    for (const name of ['alice', 'bob', 'carol']) {
      this.#bus.publish(new TrackPublished('s', 'room', `TR_${name}`, name, name));
    }
  }

  get finals(): TranscriptReady['segment'][] {
    return this.segments.filter(({ final, text }) => final && text !== '');
  }

  /** Says it all at once; the client paces it. In the middle of the first turn it waits for what is to happen there. */
  async say({ turns, sound, timeline }: Talk, halfway?: () => Promise<void>): Promise<void> {
    const input = this.service.open({ sessionId: 's', startSamples: 0, timeline });
    const [first] = turns;
    const middle = first === undefined ? 0 : wholeFrames(first.from + first.sound.length / 2);
    const write = (from: number, to: number): void => {
      for (let at = from; at < to; at += FRAME) input.write(sound.subarray(at, at + FRAME));
    };
    write(0, middle);
    await halfway?.();
    write(middle, sound.length);
    await this.#live;
    this.#bus.publish(new SessionEnded('s', 'api'));
    input.close();
    await this.#ended;
  }

  /** Resolves when what was told is as it should be. */
  async until(condition: () => boolean): Promise<void> {
    await until(condition);
  }

  expectSaid({ turns }: Talk): void {
    const said = this.finals.toSorted((a, b) => a.startMs - b.startMs);
    for (const trackSid of new Set(turns.map((turn) => turn.trackSid))) {
      const of = (texts: { text: string }[]) => plain(texts.map(({ text }) => text).join(' '));
      const heard = of(said.filter(({ speaker }) => speaker?.trackSid === trackSid));
      expect(heard).toBe(of(turns.filter((turn) => turn.trackSid === trackSid)));
    }
  }

  expectOnTime({ turns }: Talk): void {
    for (const { trackSid, startMs } of turns) {
      const [first] = this.finals.filter(({ speaker }) => speaker?.trackSid === trackSid);
      expect(Math.abs(first!.startMs - startMs)).toBeLessThanOrEqual(RIGHT_TO_MS);
    }
  }

  #told(status: TranscriptionStatusChanged['status']): Promise<void> {
    return new Promise((resolve) => {
      this.#bus.on(TranscriptionStatusChanged, (fact) => {
        if (fact.status === status) resolve();
      });
    });
  }
}

/** What any engine behind `SpeechToText` must bring to the room. */
export function speechToTextContract(start: () => Promise<EngineUnderTest>): void {
  describe('the contract of speech to text', () => {
    let under: EngineUnderTest;

    beforeEach(async () => {
      under = await start();
    });
    afterEach(() => under.close());

    it('gives each word to who said it, at the time when it was said, once', async () => {
      const room = new Room(under.engine);
      const words = talk('alice-1', 'bob-1', 'carol-1');
      await room.say(words);
      room.expectSaid(words);
      room.expectOnTime(words);
      for (const { trackSid, from, sound } of words.turns) {
        const [first] = room.finals.filter(({ speaker }) => speaker?.trackSid === trackSid);
        expect(first!.endMs).toBeLessThan((from + sound.length) / 16 + 300);
      }
      expect(room.statuses).toEqual(['live', 'ended']);
      expect(new Set(room.finals.map(({ segmentId }) => segmentId)).size).toBe(room.finals.length);
    });

    it('tells partials before the final, and nothing of an utterance after it', async () => {
      const room = new Room(under.engine);
      await room.say(talk('bob-1'));
      const finalIds = new Set<string>();
      for (const { segmentId, final } of room.segments) {
        expect(finalIds.has(segmentId)).toBe(false);
        if (final) finalIds.add(segmentId);
      }
      expect(room.segments.some(({ final }) => !final)).toBe(true);
    });

    it('ends once, whatever is asked of it after the end', async () => {
      const { stream, states } = await opened(under.engine);
      stream.write(new Int16Array(FRAME));
      stream.abort();
      for (const again of [() => stream.close(), () => stream.abort(), () => stream.write(new Int16Array(FRAME))]) {
        expect(again).not.toThrow();
      }
      await until(() => states.includes('ended'));
      await timePasses(50);
      expect(states.filter((state) => state === 'ended')).toHaveLength(1);
      expect(states.at(-1)).toBe('ended');
      expect(stream.report.state).toBe('ended');
    });
  });
}

/** A stream of nobody's, and the states that it told. */
async function opened(engine: SpeechToText): Promise<{ stream: SpeechStream; states: SpeechReport['state'][] }> {
  const states: SpeechReport['state'][] = [];
  const ignore = (): void => undefined;
  const stream = engine.open(
    { sessionId: 't', startSamples: 0, options: { spoken: [], translateTo: [] }, spokeBetween: () => false },
    {
      utterance: ignore,
      translation: ignore,
      insight: ignore,
      gap: ignore,
      stateChanged: ({ state }) => void states.push(state),
    },
  );
  await until(() => states.includes('live'));
  return { stream, states };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await timePasses(10);
}
