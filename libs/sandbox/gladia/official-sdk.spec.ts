import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GladiaClient } from '@gladiaio/sdk';
import { loadRecordings } from '../recordings/catalogue.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';
import { startGladiaSandbox, type GladiaSandbox } from './gladia-sandbox.js';

useVirtualTime();

const recordings = loadRecordings();
const spoken = ['alice-1', 'carol-1', 'bob-1'].map((id) => recordings.find((recording) => recording.id === id)!);

describe('the official SDK as the client', () => {
  let sandbox: GladiaSandbox;
  beforeAll(async () => {
    sandbox = await startGladiaSandbox({ finalDelayMs: 100, postDelayMs: 50 });
  });
  afterAll(async () => {
    await sandbox.close();
  });

  it('gets the words that were spoken, and the result', async () => {
    const client = new GladiaClient({ apiKey: 'key', apiUrl: sandbox.url }).liveV2();
    const session = client.startSession({
      endpointing: 0.3,
      maximum_duration_without_endpointing: 15,
      messages_config: { receive_partial_transcripts: true },
    });
    const finals: string[] = [];
    let partials = 0;
    session.on('message', (message) => {
      if (message.type !== 'transcript') return;
      if (message.data.is_final) finals.push(message.data.utterance.text);
      else partials++;
    });
    const ended = new Promise<{ code: number }>((resolve) => session.once('ended', resolve));
    for (const { samples } of spoken) {
      session.sendAudio(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
      session.sendAudio(Buffer.alloc(32_000));
    }
    session.stopRecording();
    expect((await ended).code).toBe(1000);
    expect(finals).toEqual(spoken.map(({ text }) => ` ${text}`));
    expect(partials).toBeGreaterThan(6);
    const job = await client.get(session.sessionId ?? '');
    expect(job.result?.transcription?.full_transcript).toBe(spoken.map(({ text }) => text).join(' '));
    expect(await client.delete(session.sessionId ?? '')).toBe(true);
  });
});
