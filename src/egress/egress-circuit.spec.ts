import { beforeEach, describe, expect, it } from '@jest/globals';
import { EgressApiError, type EgressFault } from './egress-api.js';
import { EgressCircuit } from './egress-circuit.js';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

const never = new AbortController().signal;

describe('EgressCircuit', () => {
  let circuit: EgressCircuit;
  let told: boolean[];

  beforeEach(() => {
    circuit = new EgressCircuit({ leastMs: 20, baseMs: 10, capMs: 20, spreadMs: 5 });
    told = [];
    circuit.onChange((open) => told.push(open));
  });

  const failing = async (fault: EgressFault = 'outage'): Promise<unknown> =>
    circuit
      .call(() => Promise.reject(new EgressApiError('fails', fault)), never)
      .catch((error: unknown) => (error as EgressApiError).reason);
  const opened = async (): Promise<void> => {
    for (let n = 0; n < 3; n++) await failing();
  };

  it('opens after three failures in a row, and not for what LiveKit answers', async () => {
    await failing();
    await failing();
    await circuit.call(() => Promise.resolve('EG'), never);
    await failing();
    await failing();
    for (let n = 0; n < 4; n++) await failing('limit');
    expect([circuit.state, told]).toEqual(['closed', []]);
    await opened();
    expect([circuit.state, told]).toEqual(['open', [true]]);
  });

  it('tries one call at a time while it is open, and lets all through when one is answered', async () => {
    await opened();
    let running = 0;
    let most = 0;
    let answers = 0;
    const call = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await timePasses(5);
      running -= 1;
      if (answers++ < 2) throw new EgressApiError('fails', 'unanswered');
    };
    const calls = Array.from({ length: 6 }, () =>
      circuit.call(call, never).then(
        () => 'answered',
        () => 'failed',
      ),
    );
    const first = await Promise.race(calls);
    expect([first, most]).toEqual(['failed', 1]);
    expect((await Promise.all(calls)).filter((outcome) => outcome === 'answered')).toHaveLength(4);
    expect([circuit.state, told]).toEqual(['closed', [true, false]]);
  });

  it('lets go of who gives up', async () => {
    await opened();
    const impatient = new AbortController();
    const waiting = circuit.call(() => Promise.resolve('EG'), impatient.signal);
    impatient.abort();
    await expect(waiting).resolves.toBeUndefined();
    expect(circuit.state).toBe('open');
  });
});
