import { afterEach, describe, expect, it } from '@jest/globals';
import { differences } from '../../libs/sandbox/demo/verdict.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { isFinal, messagesTo } from '../room-messages.js';
import { ROOM, SandboxedService } from './sandboxed-service.js';

describe('SIGTERM', () => {
  let world: SandboxedService;

  afterEach(async () => {
    await world.close();
  });

  it('turns readiness off, stops Egress, publishes the last words, and ends the process with 0', async () => {
    // Egress with its default settings holds back three seconds of sound when it is stopped.
    world = await SandboxedService.start();
    const { livekit, service } = world;
    const alice = livekit.room(ROOM).join({ identity: 'alice', name: 'Alice' });
    const microphone = alice.publish();
    await world.streamingSession();
    const sentence = loadRecordings().find(({ id }) => id === 'alice-2')!;
    await microphone.say(sentence);

    const exit = service.stop();
    await untilNotReady(service.url);
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    expect(await exit).toBe(0);

    const messages = messagesTo(alice);
    expect(differences([sentence], messages.filter(isFinal))).toEqual([]);
    expect(messages.at(-1)).toMatchObject({ type: 'status', status: 'ended' });
    expect(livekit.egress.list({ active: true })).toEqual([]);
    alice.leave();
  });
});

async function untilNotReady(url: string): Promise<void> {
  while ((await fetch(`${url}/health/ready`)).status !== 503) await new Promise((resolve) => setTimeout(resolve, 50));
}
