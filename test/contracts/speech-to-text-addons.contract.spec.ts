import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGladiaSandbox, type GladiaSandbox } from '../../libs/sandbox/gladia/gladia-sandbox.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import type { SpeechOptions } from '../../src/config/speech-options.js';
import {
  SessionEnded,
  SessionLive,
  TrackPublished,
  TranscriptionStatusChanged,
  TranscriptReady,
  TranslationReady,
} from '../../src/events/domain-events.js';
import { EventBus } from '../../src/events/event-bus.js';
import { GladiaApi } from '../../src/gladia/api/gladia-api.js';
import { GladiaLiveClient } from '../../src/gladia/gladia-live.client.js';
import { settingsFor } from '../../src/gladia/stream.spec-kit.js';
import { TranscriptionService } from '../../src/transcription/transcription.service.js';
import { SessionProblems } from '../../src/sessions/session-problems.port.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

const FRAME = 320;
const recording = loadRecordings().find(({ id }) => id === 'alice-1')!;
const sound = new Int16Array(Math.ceil((recording.samples.length + 32_000) / FRAME) * FRAME);
sound.set(recording.samples, 16_000);

/** Alice says the first half and Bob the second, as far as anybody knows. */
const middleMs = 1_000 + recording.samples.length / 32;
const timeline = {
  activity: (startMs: number, endMs: number) => [
    { trackSid: (startMs + endMs) / 2 < middleMs ? 'TR_alice' : 'TR_bob', loudness: 0.1, speech: 1 },
  ],
};

describe('what is made of the words', () => {
  let sandbox: GladiaSandbox;
  let bus: EventBus;
  let service: TranscriptionService;
  let finals: TranscriptReady['segment'][];
  let translations: TranslationReady[];

  beforeEach(async () => {
    sandbox = await startGladiaSandbox({ postDelayMs: 50, finalDelayMs: 50 });
    bus = new EventBus(new EventEmitter2());
    const settings = settingsFor(
      sandbox.url,
      { drainTimeoutMs: 5_000 },
      { connectTimeoutMs: 10_000, silenceTimeoutMs: 5_000, pingEveryMs: 2_000 },
    );
    const engine = new GladiaLiveClient(settings, new GladiaApi(settings));
    service = new TranscriptionService(bus, engine, new SessionProblems(bus));
    finals = [];
    translations = [];
    bus.on(TranscriptReady, ({ segment }) => {
      if (segment.final && segment.text !== '') finals.push(segment);
    });
    bus.on(TranslationReady, (fact) => {
      expect(finals.map(({ segmentId }) => segmentId)).toContain(fact.segmentId);
      translations.push(fact);
    });
    service.onModuleInit();
  });
  afterEach(async () => {
    await service.beforeApplicationShutdown();
    await sandbox.close();
  });

  const say = async (wishes: Partial<SpeechOptions>): Promise<void> => {
    const ended = new Promise<void>((resolve) => {
      bus.on(TranscriptionStatusChanged, ({ status }) => {
        if (status === 'ended') resolve();
      });
    });
    bus.publish(new SessionLive('s', 'room', 0, { spoken: ['en'], translateTo: [], ...wishes }));
    for (const name of ['alice', 'bob']) bus.publish(new TrackPublished('s', 'room', `TR_${name}`, name, name));
    const input = service.open({ sessionId: 's', startSamples: 0, timeline });
    for (let at = 0; at < sound.length; at += FRAME) input.write(sound.subarray(at, at + FRAME));
    await new Promise<void>((resolve) => {
      bus.on(TranscriptReady, () => {
        resolve();
      });
    });
    bus.publish(new SessionEnded('s', 'api'));
    input.close();
    await ended;
  };
  const marked = (language: string) =>
    finals.map(({ segmentId, text }) => [segmentId, text.replace(/\S+/g, (w) => `${language}·${w}`)]);
  const told = (language: string) =>
    translations.filter((fact) => fact.language === language).map(({ segmentId, text }) => [segmentId, text]);

  it('brings each segment its part of every translation, after its final, once', async () => {
    await say({ translateTo: ['fr', 'de'] });
    expect(new Set(finals.map(({ speaker }) => speaker?.identity))).toEqual(new Set(['alice', 'bob']));
    for (const language of ['fr', 'de']) expect(told(language)).toEqual(marked(language));
  });

  it('brings translations that the socket missed with the result', async () => {
    Object.assign(sandbox.options, { addons: 'never', postDelayMs: 400, detachedMessages: 'drop' });
    const cut = setInterval(() => {
      for (const { id, state } of sandbox.sessions()) {
        if (state === 'postProcessing') for (const socket of sandbox.socketsOf(id)) socket.destroy();
      }
    }, 20);
    await say({ translateTo: ['fr'] });
    clearInterval(cut);
    expect(sandbox.requests.some(({ method }) => method === 'GET')).toBe(true);
    expect(told('fr')).toEqual(marked('fr'));
  });

  it.each(['failed', 'never'] as const)('tells the same words when add-ons are %s', async (addons) => {
    sandbox.options.addons = addons;
    await say({ translateTo: ['fr'], namedEntities: true, sentiment: true, summary: 'concise' });
    expect(finals.length).toBeGreaterThan(0);
    expect(told('fr')).toEqual(marked('fr')); // the result has them
    expect(service.insights('s')).toEqual({ summary: expect.stringContaining('concise summary') });
  });

  it('keeps entities, sentiments and the summary with the session, on its clock', async () => {
    await say({ namedEntities: true, sentiment: true, summary: 'bullet_points' });
    const insights = service.insights('s') as { sentiments: { startMs: number; sentiment: string }[]; summary: string };
    expect(insights.summary).toMatch(/^bullet_points summary of \d+: /);
    expect(insights.sentiments.length).toBeGreaterThan(0);
    for (const { startMs, sentiment } of insights.sentiments) {
      expect(sentiment).toBe('neutral');
      expect(startMs).toBeGreaterThan(500);
    }
  });
});
