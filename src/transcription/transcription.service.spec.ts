import { EventEmitter2 } from '@nestjs/event-emitter';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  InsightsReady,
  SessionEnded,
  SessionLive,
  TrackPublished,
  TrackUnpublished,
  TranscriptionStatusChanged,
  TranscriptReady,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import type { SpeakerTimeline } from '../media/speaker-timeline.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import {
  SpeechToText,
  type SpeechListener,
  type SpeechRequest,
  type SpeechState,
  type SpeechStream,
  type Utterance,
} from './speech-to-text.js';
import { StreamState } from './stream-state.js';
import { TranscriptionService } from './transcription.service.js';

/** An engine that emits what the test makes it emit. */
class ScriptedEngine extends SpeechToText {
  readonly opened: { request: SpeechRequest; listener: SpeechListener; samples: number; closed: boolean }[] = [];

  override open(request: SpeechRequest, listener: SpeechListener): SpeechStream {
    const stream = { request, listener, samples: 0, closed: false };
    this.opened.push(stream);
    return {
      report: new StreamState(() => undefined).report,
      write: (samples) => void (stream.samples += samples.length),
      close: () => void (stream.closed = true),
      abort: () => undefined,
    };
  }
}

const nobody: SpeakerTimeline = { activity: () => [] };
const alice: SpeakerTimeline = { activity: () => [{ trackSid: 'TR_A', loudness: 1, speech: 1 }] };
const both: SpeakerTimeline = {
  activity: () => ['TR_A', 'TR_B'].map((trackSid) => ({ trackSid, loudness: 1, speech: 1 })),
};
const hello: Utterance = {
  id: '1',
  final: false,
  text: 'hello',
  language: 'en',
  confidence: 0.8,
  startMs: 100,
  endMs: 400,
  words: [],
};

describe('TranscriptionService', () => {
  let bus: EventBus;
  let engine: ScriptedEngine;
  let service: TranscriptionService;
  let segments: TranscriptReady['segment'][];
  let statuses: TranscriptionStatusChanged[];

  const engineIs = (...states: SpeechState[]) => {
    for (const state of states) {
      engine.opened[0]!.listener.stateChanged({ ...new StreamState(() => undefined).report, state });
    }
  };
  const open = (timeline = nobody) => service.open({ sessionId: 's', startSamples: 320, timeline });
  const statusNames = () => statuses.map(({ status }) => status);

  beforeEach(() => {
    bus = new EventBus(new EventEmitter2());
    engine = new ScriptedEngine();
    service = new TranscriptionService(bus, engine, new SessionProblems(bus));
    segments = [];
    statuses = [];
    bus.on(TranscriptReady, ({ segment }) => void segments.push(segment));
    bus.on(TranscriptionStatusChanged, (event) => void statuses.push(event));
    service.onModuleInit();
    bus.publish(new SessionLive('s', 'room', 0, { spoken: ['en'], translateTo: [] }));
    bus.publish(new TrackPublished('s', 'room', 'TR_A', 'alice', 'Alice'));
    bus.publish(new TrackPublished('s', 'room', 'TR_B', 'bob', 'Bob'));
  });

  it('opens a stream with the session’s languages and start, and passes audio and close on', () => {
    const input = open();
    input.write(new Int16Array(320));
    input.close();
    const [{ request, samples, closed }] = engine.opened as [(typeof engine.opened)[0]];
    expect(request).toMatchObject({ sessionId: 's', startSamples: 320, options: { spoken: ['en'], translateTo: [] } });
    expect([samples, closed]).toEqual([320, true]);
  });

  it('says since when speech is pending', () => {
    expect(service.pendingSinceMs('s')).toBeUndefined();
    const input = open(alice);
    expect(service.pendingSinceMs('s')).toBeUndefined();
    input.write(new Int16Array(16_000));
    expect(service.pendingSinceMs('s')).toBe(20);
    engine.opened[0]!.listener.utterance({ ...hello, startMs: 20, endMs: 300 });
    expect(service.pendingSinceMs('s')).toBe(800);
    engine.opened[0]!.listener.gap(300, 1_000);
    expect(service.pendingSinceMs('s')).toBeUndefined();
  });

  it('publishes insights when the session has ended, and again when more come late', () => {
    const published: object[] = [];
    bus.on(
      InsightsReady,
      ({ sessionId, insights }) => void published.push([sessionId, insights, statusNames().at(-1)]),
    );
    open(alice);
    const { listener } = engine.opened[0]!;
    listener.insight({ kind: 'summary', text: 'First.' });
    expect(published).toEqual([]);
    engineIs('live', 'ended');
    listener.utterance({ ...hello, final: true, text: 'late words' });
    listener.insight({ kind: 'summary', text: 'Second.' });
    expect(published).toEqual([
      ['s', { summary: 'First.' }, 'live'],
      ['s', { summary: 'First.\n\nSecond.' }, 'ended'],
    ]);
    expect(segments.at(-1)).toMatchObject({ text: 'late words', speaker: { identity: 'alice' } });
  });

  it('publishes who said what, also of a track that is gone', () => {
    open(alice);
    bus.publish(new TrackUnpublished('s', 'TR_A'));
    engine.opened[0]!.listener.utterance(hello);
    engine.opened[0]!.listener.utterance({ ...hello, final: true, text: 'hello there' });
    expect(segments.map(({ segmentId, revision, final, text }) => [segmentId, revision, final, text])).toEqual([
      ['1.1', 1, false, 'hello'],
      ['1.1', 2, true, 'hello there'],
    ]);
    expect(segments[1]).toMatchObject({
      speaker: { identity: 'alice', name: 'Alice', trackSid: 'TR_A' },
      candidates: [],
      language: 'en',
      startMs: 100,
      endMs: 400,
    });
  });

  it('names nobody where two spoke at once, and lists both', () => {
    open(both);
    engine.opened[0]!.listener.utterance(hello);
    expect(segments[0]!.speaker).toBeNull();
    expect(segments[0]!.candidates.map(({ identity }) => identity)).toEqual(['alice', 'bob']);
  });

  it('continues the numbers of an earlier run of the service', () => {
    bus.publish(new SessionLive('t', 'room', 0, { spoken: [], translateTo: [] }, true, { lastUtterance: 7 }));
    service.open({ sessionId: 't', startSamples: 0, timeline: alice });
    engine.opened[0]!.listener.utterance({ ...hello, final: true });
    expect(segments.map(({ segmentId }) => segmentId)).toEqual(['8.1']);
  });

  it('names nobody, and no candidates, where the audio is the mix of the whole room', () => {
    bus.publish(new TrackPublished('s', 'room', 'room', 'nobody', 'Nobody'));
    open({ activity: () => [{ trackSid: 'room', loudness: 1, speech: 1 }] });
    engine.opened[0]!.listener.utterance(hello);
    expect(segments[0]).toMatchObject({ speaker: null, candidates: [] });
  });

  it('publishes once that it is live, degraded, recovered and ended', () => {
    open();
    engineIs('live', 'live', 'reconnecting', 'reconnecting', 'live', 'waiting-for-slot', 'draining', 'ended');
    expect(statusNames()).toEqual(['live', 'degraded', 'recovered', 'degraded', 'ended']);
    expect(statuses.every(({ sentence }) => sentence.length > 10 && !/gladia|socket/i.test(sentence))).toBe(true);
  });

  it('publishes live, not recovered, when a problem came before the first success', () => {
    open();
    engineIs('reconnecting', 'live');
    expect(statusNames()).toEqual(['degraded', 'live']);
  });

  it('publishes the times of a gap', () => {
    open();
    engine.opened[0]!.listener.gap(1_000, 2_000);
    expect(statuses[0]).toMatchObject({ status: 'gap', span: { startMs: 1_000, endMs: 2_000 } });
  });

  it('ends at once, and only once, where no audio came', () => {
    bus.publish(new SessionEnded('s', 'api'));
    bus.publish(new SessionEnded('s', 'api'));
    expect(statusNames()).toEqual(['ended']);
    open().write(new Int16Array(320));
    expect(engine.opened).toEqual([]);
  });

  it('does not end before the stream has', async () => {
    open();
    bus.publish(new SessionEnded('s', 'api'));
    expect(statusNames()).toEqual([]);
    engineIs('ended');
    expect(statusNames()).toEqual(['ended']);
    expect(service.state('s')).toMatchObject({ state: 'ended' });
    await service.idle();
  });

  it('closes open streams at shutdown and waits for them', async () => {
    open();
    const down = service.beforeApplicationShutdown();
    expect(engine.opened[0]!.closed).toBe(true);
    engineIs('ended');
    await down;
    expect(service.reports()).toEqual([]);
  });
});
