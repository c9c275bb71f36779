import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGladiaSandbox, type GladiaSandbox } from '../../libs/sandbox/gladia/gladia-sandbox.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import {
  SessionEnded,
  SessionLive,
  TrackPublished,
  TranscriptionStatusChanged,
  TranscriptReady,
} from '../../src/events/domain-events.js';
import { EventBus } from '../../src/events/event-bus.js';
import { GladiaApi } from '../../src/gladia/gladia-api.js';
import { GladiaLiveClient } from '../../src/gladia/gladia-live.client.js';
import { settingsFor } from '../../src/gladia/stream.spec-kit.js';
import { TranscriptionService } from '../../src/gladia/transcription.service.js';
import type { SpeakerTimeline } from '../../src/media/speaker-timeline.js';

const FRAME = 320;
const PAUSE_SAMPLES = 16_000;

const recordings = new Map(loadRecordings().map((recording) => [recording.id, recording]));

/** The named recordings one after the other, a second apart, and who is heard when. */
function talk(...ids: string[]) {
  const turns: { trackSid: string; text: string; from: number; sound: Int16Array }[] = [];
  let end = PAUSE_SAMPLES;
  for (const id of ids) {
    const { speaker, text, samples } = recordings.get(id)!;
    turns.push({ trackSid: `TR_${speaker}`, text, from: end, sound: samples });
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

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z' ]+/g, '');

/** What any engine behind `SpeechToText` must bring to the room, here Gladia's client against its stand-in. */
describe('speech to text, from mixed sound to facts', () => {
  let sandbox: GladiaSandbox;
  let bus: EventBus;
  let service: TranscriptionService;
  let segments: TranscriptReady['segment'][];
  let statuses: string[];
  let live: Promise<void>;
  let ended: Promise<void>;

  const told = (status: TranscriptionStatusChanged['status']): Promise<void> =>
    new Promise((resolve) => {
      bus.on(TranscriptionStatusChanged, (fact) => {
        if (fact.status === status) resolve();
      });
    });

  beforeEach(async () => {
    sandbox = await startGladiaSandbox({ postDelayMs: 50, finalDelayMs: 100 });
    bus = new EventBus(new EventEmitter2());
    const patient = { connectTimeoutMs: 10_000, silenceTimeoutMs: 5_000, pingEveryMs: 2_000 };
    const settings = settingsFor(sandbox.url, { drainTimeoutMs: 5_000 }, patient);
    service = new TranscriptionService(bus, new GladiaLiveClient(settings, new GladiaApi(settings)));
    segments = [];
    statuses = [];
    bus.on(TranscriptReady, ({ segment }) => void segments.push(segment));
    bus.on(TranscriptionStatusChanged, ({ status }) => void statuses.push(status));
    live = told('live');
    ended = told('ended');
    service.onModuleInit();
    bus.publish(new SessionLive('s', 'room', 0, { spoken: ['en'], translateTo: [] }));
    for (const name of ['alice', 'bob', 'carol']) {
      bus.publish(new TrackPublished('s', 'room', `TR_${name}`, name, name));
    }
  });

  afterEach(async () => {
    await service.beforeApplicationShutdown();
    await sandbox.close();
  });

  /** Says it all at once; the client paces it. */
  const say = async ({ sound, timeline }: ReturnType<typeof talk>): Promise<void> => {
    const input = service.open({ sessionId: 's', startSamples: 0, timeline });
    for (let at = 0; at < sound.length; at += FRAME) input.write(sound.subarray(at, at + FRAME));
    await live;
    bus.publish(new SessionEnded('s', 'api'));
    input.close();
    await ended;
  };
  const finals = () => segments.filter(({ final, text }) => final && text !== '');
  const expectSaid = ({ turns }: ReturnType<typeof talk>): void => {
    const said = finals().toSorted((a, b) => a.startMs - b.startMs);
    for (const trackSid of new Set(turns.map((turn) => turn.trackSid))) {
      const of = (texts: { text: string }[]) => plain(texts.map(({ text }) => text).join(' '));
      const heard = of(said.filter(({ speaker }) => speaker?.trackSid === trackSid));
      expect(heard).toBe(of(turns.filter((turn) => turn.trackSid === trackSid)));
    }
  };

  it('gives each word to who said it, at the time when it was said, once', async () => {
    const words = talk('alice-1', 'bob-1', 'carol-1');
    await say(words);
    expectSaid(words);
    for (const { trackSid, from, sound } of words.turns) {
      const [first] = finals().filter(({ speaker }) => speaker?.trackSid === trackSid);
      expect(Math.abs(first!.startMs - from / 16)).toBeLessThan(500);
      expect(first!.endMs).toBeLessThan((from + sound.length) / 16 + 300);
    }
    expect(statuses).toEqual(['live', 'ended']);
    expect(new Set(finals().map(({ segmentId }) => segmentId)).size).toBe(finals().length);
  });

  it.each(['received', 'acked'] as const)('loses no word over a cut connection (%s)', async (resumeOffset) => {
    sandbox.options.resumeOffset = resumeOffset;
    const words = talk('alice-1', 'bob-1');
    sandbox.faults.sockets.push({ afterBytes: 16_000 * 2 * 2, then: 'reset' });
    await say(words);
    expect(sandbox.sessions()[0]!.connections).toBe(2);
    if (resumeOffset === 'acked') expectSaid(words);
    expect(finals().length).toBeGreaterThanOrEqual(2);
    expect(service.state('s')!.counters.gapMs).toBe(0);
  });

  it.each(['coalesce', 'none', 'beyond', 'outOfOrder'] as const)(
    'is the same transcript whatever acknowledgments say (%s)',
    async (ackMode) => {
      sandbox.options.ackMode = ackMode;
      const words = talk('bob-1');
      await say(words);
      expectSaid(words);
      expect(sandbox.sessions()[0]!.connections).toBe(1);
    },
  );

  it.each(['twice', 'withoutWords', 'beforePartials', 'never'] as const)(
    'tells each sentence once, whatever becomes of finals (%s)',
    async (mode) => {
      sandbox.options.finals = mode;
      const words = talk('alice-1');
      await say(words);
      expect(finals().length).toBeGreaterThan(0);
      expect(new Set(finals().map(({ text }) => text)).size).toBe(finals().length);
      if (mode !== 'never') expectSaid(words);
    },
  );

  it.each(['hang', 'noClose', 'noEndSession'] as const)(
    'ends once, with every word, when the end does not come (%s)',
    async (post) => {
      sandbox.options.post = post;
      const words = talk('carol-1');
      await say(words);
      expectSaid(words);
      expect(statuses.filter((status) => status === 'ended')).toHaveLength(1);
    },
    30_000,
  );
});
