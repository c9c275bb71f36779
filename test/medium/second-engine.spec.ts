import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { differences } from '../../libs/sandbox/demo/verdict.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { toolkit } from '../../src/extensions/toolkit.js';
import { SpeechToText } from '../../src/transcription/speech-to-text.js';
import { Room, speechToTextContract, talk } from '../contracts/speech-to-text.contract.js';
import { isEnd, isFinal, messagesTo, messageTo } from '../room-messages.js';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { ROOM, ServiceUnderTest } from './service-under-test.js';
import { VoskServer } from './vosk-server.js';

useVirtualTime();

const EXAMPLES = ['docs/examples/vosk-engine.mjs', 'docs/examples/archive.mjs'];

interface EngineFile {
  extend(toolkit: unknown): { providers: [{ useClass: new () => SpeechToText }] };
}

async function voskEngine(): Promise<SpeechToText> {
  const { extend } = (await import(`../../${EXAMPLES[0]!}`)) as EngineFile;
  const { useClass } = extend(toolkit(SpeechToText)).providers[0];
  return new useClass();
}

async function streaming(world: ServiceUnderTest, id: string): Promise<void> {
  const tracks = async () => (await world.api.get<{ tracks: { state?: string }[] }>(`/sessions/${id}`)).tracks;
  while ((await tracks())[0]?.state !== 'streaming') await timePasses(50);
}

describe('an engine of one’s own', () => {
  let vosk: VoskServer;
  let world: ServiceUnderTest | undefined;
  let folder: string;

  beforeEach(async () => {
    vosk = await VoskServer.start();
    folder = await mkdtemp(join(tmpdir(), 'roomscribe-'));
    Object.assign(process.env, { VOSK_URL: vosk.url, ARCHIVE_FILE: join(folder, 'archive.jsonl') });
  });
  afterEach(async () => {
    await world?.close();
    await vosk.close();
    await rm(folder, { recursive: true });
  });

  speechToTextContract(async () => {
    return { engine: await voskEngine(), close: () => Promise.resolve() };
  });

  it('goes on after a lost connection, and leaves no utterance open', async () => {
    const room = new Room(await voskEngine());
    const words = talk('alice-1', 'bob-1');
    const input = room.service.open({ sessionId: 's', startSamples: 0, timeline: words.timeline });
    const middle = words.turns[1]!.from;
    input.write(words.sound.subarray(0, middle));
    await room.until(() => room.segments.some(({ final }) => !final));
    vosk.drop();
    await room.until(() => room.statuses.includes('recovered'));
    input.write(words.sound.subarray(middle));
    input.close();
    await room.until(() => room.statuses.includes('ended'));
    const open = room.segments.filter(({ final }) => !final).map(({ segmentId }) => segmentId);
    const final = new Set(room.segments.filter((segment) => segment.final).map(({ segmentId }) => segmentId));
    expect(open.filter((segmentId) => !final.has(segmentId))).toEqual([]);
    expect(room.finals.at(-1)).toMatchObject({ speaker: { identity: 'bob' } });
    expect(Math.abs(room.finals.at(-1)!.startMs - middle / 16)).toBeLessThan(500);
  });

  it('hears a room in Gladia’s place, with no change to the service, and a listener writes down what is said', async () => {
    world = await ServiceUnderTest.start({ EXTENSIONS: EXAMPLES.join(',') });
    const said = loadRecordings().find(({ id }) => id === 'alice-1')!;
    const alice = world.livekit.room(ROOM).join({ identity: 'alice', name: 'Alice' });
    const microphone = alice.publish();
    const { id } = await world.api.post<{ id: string }>('/sessions', { room: ROOM });
    await world.api.post(`/sessions/${id}/live`);
    await streaming(world, id);
    await microphone.say(said);
    await world.api.post(`/sessions/${id}/end`);
    await messageTo(alice, isEnd);
    expect(differences([said], messagesTo(alice).filter(isFinal))).toEqual([]);
    expect(world.gladia.sessions()).toEqual([]);
    expect(vosk.samples).toBeGreaterThan(said.samples.length / 2);
    expect(await readFile(join(folder, 'archive.jsonl'), 'utf8')).toContain(`"text":${JSON.stringify(said.text)}`);
  });

  it.each(EXAMPLES)('%s is what docs/extending.md shows', (example) => {
    const code = [...readFileSync('docs/extending.md', 'utf8').matchAll(/```js\n(.*?)```/gs)].map(([, text]) => text);
    expect(code).toContain(readFileSync(example, 'utf8'));
  });
});
