import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  SessionEnded,
  SessionLive,
  TrackPublished,
  TrackUnpublished,
  TranscriptionStatusChanged,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { FRAME_SAMPLES } from '../media/audio-format.js';
import { ROOM_MIX_SID } from '../media/audio-source.js';
import { ManualClock } from '../media/manual-clock.spec-kit.js';
import { RecordingSink, Speaker } from './mix.spec-kit.js';
import { Metrics } from '../metrics/metrics.js';
import { SessionReportReader } from '../sessions/session-report-reader.js';
import { MixerReports } from './mixer-reports.js';
import { MixerService } from './mixer.service.js';
import { babble, firstDifference, spoken, talk } from './sound.spec-kit.js';

describe('the mixer', () => {
  let time: ManualClock;
  let events: EventBus;
  let sink: RecordingSink;
  let mixer: MixerService;

  beforeEach(() => {
    time = new ManualClock();
    events = new EventBus(new EventEmitter2());
    sink = new RecordingSink();
    mixer = new MixerService(events, sink, time, { drainMs: 4_000 });
    mixer.onModuleInit();
  });
  afterEach(() => mixer.onApplicationShutdown());

  const goLive = (sessionId: string, ...trackSids: string[]): void => {
    events.publish(new SessionLive(sessionId, 'room', 0, { spoken: [], translateTo: [] }));
    for (const sid of trackSids) events.publish(new TrackPublished(sessionId, 'room', sid, 'alice', 'Alice'));
  };
  const pass = (ms: number, ...speakers: Speaker[]): void => {
    for (let passed = 0; passed < ms; passed += 20) {
      for (const speaker of speakers) speaker.speak();
      time.advance(20);
      mixer.run();
    }
  };

  it('admits the published tracks of a live session', () => {
    expect(mixer.admission('s', 'A')).toBe('unknown');
    goLive('s');
    expect(mixer.admission('s', 'A')).toBe('unknown');
    goLive('s', 'A');
    expect(mixer.admission('s', 'A')).toBe('admitted');
    events.publish(new TrackUnpublished('s', 'A'));
    expect(mixer.admission('s', 'A')).toBe('unknown');
    events.publish(new SessionEnded('s', 'api'));
    expect(mixer.admission('s', 'A')).toBe('ended');
    pass(20);
    goLive('s', 'A');
    expect(mixer.admission('s', 'A')).toBe('ended');
    expect(mixer.counters('s')).toBeUndefined();
  });

  it('continues the clock of a session that is resumed after a restart', () => {
    const liveAtUnixMs = Date.now() - 60_000;
    events.publish(
      new SessionLive('s', 'room', liveAtUnixMs, { spoken: [], translateTo: [] }, true, { lastUtterance: 7 }),
    );
    events.publish(new TrackPublished('s', 'room', 'A', 'alice', 'Alice'));
    mixer.open('s', 'A');
    const { startSamples } = sink.of('s').stream;
    expect(startSamples).toBeGreaterThanOrEqual(60 * 16_000 - FRAME_SAMPLES);
    expect(startSamples).toBeLessThan(90 * 16_000);
  });

  it('admits the mix of a whole room to every live session', () => {
    expect(mixer.admission('s', ROOM_MIX_SID)).toBe('unknown');
    goLive('s');
    expect(mixer.admission('s', ROOM_MIX_SID)).toBe('admitted');
  });

  it('has arrived audio handed over before each step, which mixes it', () => {
    goLive('s', 'A');
    const input = mixer.open('s', 'A');
    const steady = new Int16Array(FRAME_SAMPLES).fill(1_000);
    mixer.before(() => input.write(steady));
    pass(100);
    expect(sink.of('s').samples.at(-1)).toBe(1_000);
    expect(mixer.trackCounters('s').get('A')).toMatchObject({ bufferedMs: 20, underruns: 0 });
  });

  it('reports how long a track has been silent', () => {
    goLive('s', 'A');
    expect(mixer.silentForMs('s', 'A')).toBeUndefined();
    const speaker = new Speaker(talk(2), mixer.open('s', 'A'));
    pass(2_000, speaker);
    expect(mixer.silentForMs('s', 'A')).toBeLessThanOrEqual(500);
    pass(3_000, speaker);
    expect(mixer.silentForMs('s', 'A')).toBeGreaterThan(2_500);
  });

  it('discards the audio of a track that is not admitted', () => {
    const input = mixer.open('s', 'A');
    input.write(babble(320));
    input.setMuted(true);
    input.close();
    pass(100);
    expect(sink.mixes.size).toBe(0);
  });

  it('keeps sessions apart, each on its own clock of samples', () => {
    goLive('one', 'A');
    pass(1_000);
    goLive('two', 'B');
    pass(500);
    const [a, b] = [babble(60 * FRAME_SAMPLES, 1), babble(60 * FRAME_SAMPLES, 2)];
    pass(1_000, new Speaker(a, mixer.open('one', 'A')), new Speaker(b, mixer.open('two', 'B')));
    expect(sink.of('one').stream.startSamples).toBe(1_500 * 16);
    expect(sink.of('two').stream.startSamples).toBe(500 * 16);
    for (const [sessionId, sound] of [
      ['one', a],
      ['two', b],
    ] as const) {
      const played = spoken(sink.of(sessionId).samples);
      expect(played.length).toBeGreaterThan(45 * FRAME_SAMPLES);
      expect(played).toEqual(sound.subarray(0, played.length));
    }
    expect(mixer.counters('one')).toMatchObject({ framesMixed: 50, samplesDropped: 0 });
    expect(mixer.trackCounters('one').get('A')).toMatchObject({ muted: false, underruns: 0 });
  });

  it('loses nothing and stays on time when the process itself stood still', () => {
    goLive('s', 'A');
    const sound = talk(20);
    const speaker = new Speaker(sound, mixer.open('s', 'A'));
    pass(3_260, speaker);
    time.advance(5_000);
    mixer.run();
    speaker.speak(250);
    for (let turn = 0; turn < 100; turn++) {
      time.advance(10);
      if (turn % 2 === 0) speaker.speak();
      mixer.run();
    }
    pass(3_000, speaker);
    const played = sink.of('s').samples;
    expect(played).toHaveLength((3_260 + 5_000 + 1_000 + 3_000) * 16);
    const start = played.findIndex((sample) => sample !== 0);
    const spokenAt = sound.findIndex((sample) => sample !== 0);
    expect(firstDifference(played.subarray(start), sound.subarray(spokenAt, spokenAt + played.length - start))).toBe(
      -1,
    );
    expect(mixer.counters('s')).toMatchObject({ samplesDropped: 0, samplesSkipped: 0, underruns: 0 });
  });

  it('plays a session out before it ends', () => {
    goLive('s', 'A', 'B');
    const speaker = new Speaker(talk(10), mixer.open('s', 'A'));
    pass(1_000, speaker);
    events.publish(new SessionEnded('s', 'room-finished'));
    expect(mixer.admission('s', 'B')).toBe('ended');
    pass(2_000, speaker);
    speaker.input.close();
    pass(200);
    expect(sink.of('s').closes).toBe(1);
    expect(spoken(sink.of('s').samples)).toEqual(spoken(talk(10).subarray(0, 3_000 * 16)));
  });

  it('reports to the room what it had to drop', () => {
    const gaps: TranscriptionStatusChanged[] = [];
    events.on(TranscriptionStatusChanged, (fact) => void gaps.push(fact));
    goLive('s', 'A');
    const speaker = new Speaker(babble(2_000 * FRAME_SAMPLES), mixer.open('s', 'A'));
    pass(40_000);
    speaker.speak(1_700);
    pass(1_000);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatchObject({ sessionId: 's', status: 'gap', sentence: expect.stringContaining('4.0 s') });
    expect(gaps[0]!.span!.endMs - gaps[0]!.span!.startMs).toBe(4_000);
  });

  it('reports audio that was lost before the mix to the room and in the metrics', async () => {
    const gaps: TranscriptionStatusChanged[] = [];
    events.on(TranscriptionStatusChanged, (fact) => void gaps.push(fact));
    const metrics = new Metrics();
    new MixerReports(new SessionReportReader(), mixer, metrics).onModuleInit();
    goLive('s', 'A');
    mixer.open('s', 'A');
    pass(20_000);
    mixer.reportMissing('s', 'A', { lostMs: 9_100, endedAgoMs: 5_000 });
    mixer.reportMissing('s', 'B', { lostMs: 5_000, endedAgoMs: 0 });
    expect(gaps.map(({ span }) => span)).toEqual([{ trackSid: 'A', startMs: 5_900, endMs: 15_000 }]);
    expect(await metrics.registry.metrics()).toContain('roomscribe_track_missing_audio_seconds_total 9.1');
  });

  it('is driven by a timer of its own', async () => {
    const firstFrame = sink.nextFrame();
    goLive('s', 'A');
    mixer.open('s', 'A');
    time.advance(20);
    expect(await firstFrame).toHaveLength(FRAME_SAMPLES);
  });

  it('reports counters for each session and track', () => {
    const reports = new SessionReportReader();
    new MixerReports(reports, mixer, new Metrics()).onModuleInit();
    expect(reports.read('s').counters).toEqual({});
    goLive('s', 'A');
    mixer.open('s', 'A').setMuted(true);
    pass(100);
    expect(reports.read('s').counters).toMatchObject({ framesMixed: 5, samplesDropped: 0 });
    expect(reports.read('s').track('A')).toMatchObject({ buffer: { muted: true, bufferedMs: 0 } });
  });

  it('ends every mix when the process does', () => {
    goLive('s', 'A');
    mixer.open('s', 'A');
    mixer.onApplicationShutdown();
    expect(sink.of('s').closes).toBe(1);
  });
});
