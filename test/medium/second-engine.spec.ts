import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { differences } from '../../libs/sandbox/demo/verdict.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { toolkit } from '../../src/extensions/toolkit.js';
import { SpeechToText } from '../../src/gladia/speech-to-text.js';
import { speechToTextContract } from '../contracts/speech-to-text.contract.js';
import { isEnd, isFinal, messagesTo, messageTo } from '../room-messages.js';
import { ROOM, ServiceUnderTest } from './service-under-test.js';
import { VoskServer } from './vosk-server.js';

const EXAMPLES = ['docs/examples/vosk-engine.mjs', 'docs/examples/archive.mjs'];

interface EngineFile {
  extend(toolkit: unknown): { providers: [{ useClass: new () => SpeechToText }] };
}

async function streaming(world: ServiceUnderTest, id: string): Promise<void> {
  const tracks = async () => (await world.api.get<{ tracks: { state?: string }[] }>(`/sessions/${id}`)).tracks;
  while ((await tracks())[0]?.state !== 'streaming') await new Promise((resolve) => setTimeout(resolve, 50));
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
    const { extend } = (await import(`../../${EXAMPLES[0]!}`)) as EngineFile;
    const { useClass } = extend(toolkit(SpeechToText)).providers[0];
    return { engine: new useClass(), close: () => Promise.resolve() };
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
