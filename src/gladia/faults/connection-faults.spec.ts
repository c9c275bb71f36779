import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type SocketFault,
  type UpgradeFault,
  type WireFault,
  wireFaults,
} from '../../../libs/sandbox/gladia/faults.js';
import type { AckMode } from '../../../libs/sandbox/gladia/options.js';
import { timePasses, useVirtualTime } from '../../../libs/testing/virtual-time.spec-kit.js';
import { FaultBench } from './fault-bench.spec-kit.js';

useVirtualTime();

const names = Object.keys(wireFaults) as WireFault[];

describe('faults of the connection to Gladia', () => {
  let bench: FaultBench;

  beforeEach(async () => {
    bench = await FaultBench.start();
  });
  afterEach(() => bench.stop());

  it.each<UpgradeFault>([404, 503, 'hang', 'reset'])(
    'row 5: an upgrade that fails (%s) loses no sample',
    async (fault) => {
      bench.sandbox.faults.upgrades.push(fault);
      const speaker = bench.open({}, fault === 'hang' ? { connectTimeoutMs: 500 } : {});
      speaker.write(40);
      await bench.allSound(speaker);
      expect(bench.audit(speaker)).toEqual({ lost: 0, duplicated: 0 });
      expect(speaker.output.gaps).toEqual([]);
    },
  );

  it.each<SocketFault['then']>(['reset', 'fin', 'silence'])(
    'row 7: a connection that is lost in the middle (%s) loses no sample, and duplicates only what was not acknowledged',
    async (then) => {
      bench.sandbox.faults.sockets.push({ afterBytes: 16_000, then });
      const speaker = bench.open({}, then === 'silence' ? { silenceTimeoutMs: 2_000 } : {});
      await speaker.output.state('live');
      for (let i = 0; i < 10; i += 1) {
        speaker.write(5);
        await timePasses(20);
      }
      await bench.allSound(speaker);
      expect(bench.audit(speaker).duplicated).toBeLessThanOrEqual(16_000);
      expect(bench.sandbox.sessions()).toHaveLength(1);
      expect(bench.sandbox.sessions()[0]!.connections).toBe(2);
    },
  );

  it('row 7: a server that receives every other frame is disconnected when too much is not acknowledged', async () => {
    Object.assign(bench.sandbox.options, { loseEveryNthFrame: 2, recognises: false });
    const speaker = bench.open({}, { silenceTimeoutMs: 600 });
    await speaker.output.state('live');
    speaker.write(500);
    await speaker.output.state('reconnecting');
    bench.sandbox.options.loseEveryNthFrame = 0;
    await bench.allSound(speaker);
  });

  it('row 7: a server that begins to lose every other frame is disconnected in time, and gets everything again', async () => {
    bench.sandbox.options.recognises = false;
    const speaker = bench.open({}, { silenceTimeoutMs: 1_600 });
    await speaker.output.state('live');
    const talking = setInterval(() => speaker.write(2), 40);
    await timePasses(1_000);
    bench.sandbox.options.loseEveryNthFrame = 2;
    const writtenBefore = speaker.written;
    await speaker.output.state('reconnecting');
    // In audio time, which does not advance while the machine is busy.
    expect((speaker.written - writtenBefore) / 16).toBeLessThan(2 * 1_600);
    bench.sandbox.options.loseEveryNthFrame = 0;
    clearInterval(talking);
    await bench.allSound(speaker);
    expect(bench.audit(speaker).duplicated).toBeLessThan(4 * 16_000);
    expect(speaker.output.gaps).toEqual([]);
  });

  it('row 9: a connection that is lost in post-processing: the rest is fetched, nothing is sent again', async () => {
    bench.sandbox.options.postDelayMs = 200;
    const speaker = bench.open();
    await speaker.output.state('live');
    speaker.write(26);
    await bench.allSound(speaker);
    speaker.stream.close();
    await bench.until('post-processing', () => bench.sandbox.sessions()[0]!.state === 'postProcessing');
    for (const socket of bench.sandbox.socketsOf(bench.sandbox.sessions()[0]!.id)) socket.destroy();
    await speaker.output.state('ended');
    expect(bench.audit(speaker)).toEqual({ lost: 0, duplicated: 0 });
    expect(speaker.output.gaps).toEqual([]);
  });

  it.each<AckMode>([
    'burst',
    'duplicate',
    'negative',
    'beyond',
    'nullData',
    'refused',
    'none',
    'outOfOrder',
    'coalesce',
  ])('row 10: odd acknowledgments (%s) lose nothing', async (ackMode) => {
    bench.sandbox.options.ackMode = ackMode;
    const speaker = bench.open({}, { silenceTimeoutMs: 5_000 });
    speaker.write(50);
    await bench.allSound(speaker);
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(bench.audit(speaker)).toEqual({ lost: 0, duplicated: 0 });
    expect(speaker.output.gaps).toEqual([]);
  });

  it('row 10: ranges that include their last byte, and acknowledgments that come late', async () => {
    Object.assign(bench.sandbox.options, { rangeMode: 'inclusive', ackDelayMs: 300 });
    const speaker = bench.open({}, { silenceTimeoutMs: 3_000 });
    speaker.write(50);
    await speaker.output.state('live');
    await bench.until(
      'acknowledgments',
      () => speaker.stream.report.counters.bytesAcknowledged === speaker.written * 2,
    );
    expect(bench.audit(speaker)).toEqual({ lost: 0, duplicated: 0 });
  });

  it.each(names)('row 12: bytes on the connection that no server should send (%s) lose nothing', async (name) => {
    const speaker = bench.open();
    await speaker.output.state('live');
    speaker.write(26);
    await bench.allSound(speaker);
    const [session] = bench.sandbox.sessions();
    for (const socket of bench.sandbox.socketsOf(session!.id)) socket.sendRaw(wireFaults[name]);
    speaker.write(26);
    await bench.allSound(speaker);
    const isViolation = name === 'rsvBit' || name === 'invalidUtf8';
    await bench.until('a new connection, or none', () => {
      return bench.sandbox.sessions()[0]!.connections === (isViolation ? 2 : 1);
    });
    const odd = name === 'hugeMessage' ? 1 : 0;
    await bench.until('the odd message, if any', () => speaker.stream.report.counters.malformed === odd);
    expect(speaker.output.gaps).toEqual([]);
  });
});
