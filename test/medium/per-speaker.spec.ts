import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { differences } from '../../libs/sandbox/demo/verdict.js';
import { startGladiaSandbox, type GladiaSandbox } from '../../libs/sandbox/gladia/gladia-sandbox.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import type { Recording } from '../../libs/sandbox/recordings/recording.js';
import { SessionEnded, SessionLive, TrackPublished, TranscriptReady } from '../../src/events/domain-events.js';
import { EventBus } from '../../src/events/event-bus.js';
import { GladiaApi } from '../../src/gladia/api/gladia-api.js';
import { GladiaLiveClient } from '../../src/gladia/gladia-live.client.js';
import { settingsFor } from '../../src/gladia/stream.spec-kit.js';
import { TranscriptionService } from '../../src/transcription/transcription.service.js';
import { FRAME_SAMPLES } from '../../src/media/audio-format.js';
import { MixedAudioSink, type MixedInput, type MixedStream } from '../../src/media/mixed-audio-sink.js';
import { SessionMix } from '../../src/mixer/session-mix.js';
import { SessionProblems } from '../../src/sessions/session-problems.port.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

const PATIENT = { connectTimeoutMs: 10_000, silenceTimeoutMs: 5_000, pingEveryMs: 2_000 };
/** All three at once, each a little after the one before. */
const SAID = ['alice-1', 'bob-1', 'carol-1'].map((id) => loadRecordings().find((each) => each.id === id)!);
const LATER_SAMPLES = 5_000;
const FRAMES = 250;

type Segment = TranscriptReady['segment'];

describe('three people who talk over each other, each in a channel of their own', () => {
  let sandbox: GladiaSandbox;
  let service: TranscriptionService;
  let bus: EventBus;
  let segments: Segment[];

  beforeEach(async () => {
    sandbox = await startGladiaSandbox({ postDelayMs: 50, finalDelayMs: 100 });
    bus = new EventBus(new EventEmitter2());
    const settings = settingsFor(sandbox.url, { drainTimeoutMs: 60_000 }, PATIENT);
    const engine = new GladiaLiveClient(settings, new GladiaApi(settings));
    service = new TranscriptionService(bus, engine, new SessionProblems(bus));
    segments = [];
    bus.on(TranscriptReady, ({ segment }) => void segments.push(segment));
    service.onModuleInit();
    bus.publish(new SessionLive('s', 'room', 0, { spoken: ['en'], translateTo: [] }));
    for (const { speaker } of SAID) bus.publish(new TrackPublished('s', 'room', `TR_${speaker}`, speaker, speaker));
  });
  afterEach(async () => {
    await service.beforeApplicationShutdown();
    await sandbox.close();
  });

  /** Everybody speaks to a mix with so many channels; resolves with the finals when all is transcribed. */
  const talk = async (
    channels: number,
    { later = LATER_SAMPLES, frames = FRAMES, leak = 0 } = {},
  ): Promise<Segment[]> => {
    const mix = new SessionMix('s', 0, new SinkOf(service), () => undefined, { channels });
    const inputs = SAID.map(({ speaker }) => {
      mix.publish(`TR_${speaker}`);
      return mix.open(`TR_${speaker}`, 0);
    });
    const voices = SAID.map((recording, i) => begunAt(recording, 16_000 + i * later, frames));
    const sounds = voices.map((voice) => withLeak(voice, voices, leak));
    for (let step = 0; step < frames; step++) {
      for (const [i, input] of inputs.entries()) {
        input.write(sounds[i]!.subarray(step * FRAME_SAMPLES, (step + 1) * FRAME_SAMPLES));
      }
      mix.step(step);
    }
    mix.close();
    bus.publish(new SessionEnded('s', 'api'));
    await service.idle();
    return segments.filter(({ final, text }) => final && text !== '');
  };
  const asMessages = (finals: readonly Segment[]) => finals as unknown as Parameters<typeof differences>[1];
  /** Words under a name that are not of that person's sentence. */
  const misnamed = (finals: readonly Segment[]): string[] =>
    finals.flatMap(({ speaker, words }) =>
      words.filter(({ text }) => speaker !== null && !wordsOf(speaker.identity).includes(text)).map(({ text }) => text),
    );

  it.each([4, 3])('is heard in full, under the right names (%i channels)', async (channels) => {
    expect(differences(SAID, asMessages(await talk(channels)))).toEqual([]);
    const [session] = sandbox.sessions();
    expect(session!.request.channels).toBe(channels);
    const bytes = FRAMES * FRAME_SAMPLES * 2 * channels;
    expect(service.state('s')?.counters).toMatchObject({ gapMs: 0, bytesSent: bytes, bytesAcknowledged: bytes });
  });

  it('survives a cut connection: each sample lands in its channel', async () => {
    sandbox.options.resumeOffset = 'acked';
    sandbox.faults.sockets.push({ afterBytes: 16_000 * 2 * 4 * 2, then: 'reset' });
    expect(differences(SAID, asMessages(await talk(4)))).toEqual([]);
    expect(sandbox.sessions()[0]!.connections).toBe(2);
  });

  it('lets who finds no channel share the last, and names nobody wrongly there', async () => {
    const finals = await talk(2);
    expect(misnamed(finals)).toEqual([]);
    expect(differences(SAID, asMessages(finals)).map(({ speaker }) => speaker)).not.toContain('alice');
  });

  it('tells what microphones pick up from each other once, under the right name', async () => {
    const finals = await talk(4, { later: 52_000, frames: 500, leak: 0.1 });
    expect(differences(SAID, asMessages(finals))).toEqual([]);
  });

  it('puts no word on a wrong name when Gladia takes one channel for another', async () => {
    sandbox.options.channelNames = 'swapped';
    const finals = await talk(4, { later: 52_000, frames: 500 });
    expect(finals.length).toBeGreaterThan(0);
    expect(misnamed(finals)).toEqual([]);
  });

  it('puts no word on a wrong name when Gladia does not say which channel', async () => {
    sandbox.options.channelNames = 'missing';
    const finals = await talk(4);
    expect(finals.length).toBeGreaterThan(0);
    expect(misnamed(finals)).toEqual([]);
  });
});

class SinkOf extends MixedAudioSink {
  constructor(private readonly service: TranscriptionService) {
    super();
  }

  override open(stream: MixedStream): MixedInput {
    return this.service.open(stream);
  }
}

const wordsOf = (identity: string): string[] =>
  SAID.find(({ speaker }) => speaker === identity)?.words.map(({ text }) => text) ?? [];

function begunAt({ samples }: Recording, at: number, frames: number): Int16Array {
  const sound = new Int16Array(frames * FRAME_SAMPLES);
  sound.set(samples.subarray(0, sound.length - at), at);
  return sound;
}

/** Each microphone also picks up the other voices. */
function withLeak(own: Int16Array, voices: readonly Int16Array[], gain: number): Int16Array {
  return own.map((sample, i) => voices.reduce((sum, voice) => sum + (voice === own ? 0 : gain * voice[i]!), sample));
}
