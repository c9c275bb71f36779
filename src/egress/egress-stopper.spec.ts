import { beforeEach, describe, expect, it } from '@jest/globals';
import { EgressAttempt } from './egress-attempt.js';
import { EgressStopper } from './egress-stopper.js';
import { listed, ScriptedEgress } from './scripted-egress.spec-kit.js';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

const PATH = 'ws://here/session/TR_a';

describe('EgressStopper', () => {
  let api: ScriptedEgress;
  let stopper: EgressStopper;

  beforeEach(() => {
    api = new ScriptedEgress();
    stopper = new EgressStopper(api, 'room', PATH);
  });

  const attempt = (egressId: string | undefined): EgressAttempt => {
    const made = new EgressAttempt(1);
    made.setStart(Promise.resolve(egressId));
    made.markOpened();
    return made;
  };

  it('asks again where LiveKit does not answer, until the socket closes', async () => {
    const streaming = attempt('EG_1');
    api.stopsFail = 100;
    const stopped = stopper.stop(streaming);
    await timePasses(50);
    streaming.markClosed(1005);
    await stopped;
    expect(api.stopped).toEqual([]);
  });

  it('asks again for an egress whose socket was lost before: it may think that it streams', async () => {
    const lost = attempt('EG_1');
    lost.markClosed(1006);
    api.stopsFail = 2;
    await stopper.stop(lost);
    expect(api.stopped).toEqual(['EG_1']);
  });

  it('ends with the egress itself', async () => {
    const lost = attempt('EG_1');
    lost.markClosed(1006);
    lost.markEnded('failed');
    api.stopsFail = 1;
    await stopper.stop(lost);
    expect(api.stopped).toEqual([]);
  });

  it('looks by the path once for a lost one without an id, before its successor has the same', async () => {
    const lost = attempt(undefined);
    lost.markClosed(1006);
    api.listed = [listed('EG_1', PATH)];
    api.listsFail = 1;
    await stopper.stop(lost);
    expect(api.stopped).toEqual([]);
    await stopper.stop(lost);
    expect(api.stopped).toEqual(['EG_1']);
  });
});
