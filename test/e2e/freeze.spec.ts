import { afterEach, describe, expect, it } from '@jest/globals';
import { differences } from '../../libs/sandbox/demo/verdict.js';
import { TUNED_LATENCY_MS } from '../../libs/sandbox/egress/egress-settings.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { isEnd, isFinal, messagesTo, messageTo } from '../room-messages.js';
import { ROOM, SandboxedService } from './sandboxed-service.js';

describe('a frozen service', () => {
  let world: SandboxedService;

  afterEach(async () => {
    await world.close();
  });

  it('loses no word of the seconds in which it stood still, and keeps their order', async () => {
    world = await SandboxedService.start({ latencyMs: TUNED_LATENCY_MS });
    const { api, livekit, service } = world;
    const alice = livekit.room(ROOM).join({ identity: 'alice', name: 'Alice' });
    const microphone = alice.publish();
    const id = await world.streamingSession();
    const [first, second, third, fourth] = loadRecordings().filter(({ speaker }) => speaker === 'alice');

    await microphone.say(first!);
    process.kill(service.pid, 'SIGSTOP');
    await microphone.say(second!);
    await microphone.say(third!);
    process.kill(service.pid, 'SIGCONT');
    await microphone.say(fourth!);
    await api.post(`/sessions/${id}/end`);
    await messageTo(alice, isEnd);

    expect(differences([first!, second!, third!, fourth!], messagesTo(alice).filter(isFinal))).toEqual([]);
    const { counters } = await api.get<{ counters: Record<string, number> }>(`/sessions/${id}`);
    expect(counters['gapMs']).toBe(0);
    alice.leave();
  });
});
