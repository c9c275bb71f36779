import { describe, expect, it } from '@jest/globals';
import { ReachabilityProbe } from './reachability-probe.js';

const NOW = Date.UTC(2026, 0, 1);
const probeOf = (secret: string): ReachabilityProbe =>
  new ReachabilityProbe({
    apiKey: 'key',
    apiSecret: secret,
    httpUrl: 'http://127.0.0.1:7880',
    apiPerMinute: 0,
    wsUrl: '',
  });
const dialled = ({ path }: { path: string }): string => `/egress/audio${path}`;

describe('ReachabilityProbe', () => {
  it('knows which process of the deployment answered', () => {
    const [doctor, service, old] = [probeOf('secret'), probeOf('secret'), probeOf('secret')];
    const challenge = doctor.challenge(NOW);
    const answers = [service, old].map((each) => each.answer(dialled(challenge), NOW) ?? '');
    expect(answers.map((answer) => doctor.verify(challenge, answer))).toEqual([service.instance, old.instance]);
    expect(service.instance).not.toBe(old.instance);
  });

  it('does not answer who has another secret, comes late, or asks for something else', () => {
    const service = probeOf('secret');
    const challenge = service.challenge(NOW);
    expect(probeOf('another').answer(dialled(challenge), NOW)).toBeUndefined();
    expect(service.answer(dialled(challenge), NOW + 61_000)).toBeUndefined();
    expect(service.answer(dialled(challenge).replace(challenge.nonce, 'A'.repeat(22)), NOW)).toBeUndefined();
    for (const path of [undefined, '/', '/egress/audio/s/TR_1?token=x', `${dialled(challenge)}x`]) {
      expect(service.answer(path, NOW)).toBeUndefined();
    }
  });

  it('believes no answer but the proof over its own nonce', () => {
    const [doctor, service] = [probeOf('secret'), probeOf('secret')];
    const challenge = doctor.challenge(NOW);
    const other = service.answer(dialled(doctor.challenge(NOW)), NOW) ?? '';
    const foreign = JSON.stringify({ instance: service.instance, proof: 'AAAA' });
    for (const answer of [other, foreign, 'hello', '{}', 'null'])
      expect(doctor.verify(challenge, answer)).toBeUndefined();
  });
});
