import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inChops, inWords, type AutobahnCase, type Step } from './autobahn/case.spec-kit.js';
import { aroundClose, CLOSING } from './autobahn/closing.spec-kit.js';
import { EchoServer } from './autobahn/echo-server.spec-kit.js';
import { fragments } from './autobahn/fragments.spec-kit.js';
import { FRAMING } from './autobahn/framing.spec-kit.js';
import { improper } from './autobahn/improper.spec-kit.js';
import { LIMITS } from './autobahn/limits.spec-kit.js';
import { framesOf, play } from './autobahn/player.spec-kit.js';
import { UTF8 } from './autobahn/utf8.spec-kit.js';
import { BINARY, frame, TEXT } from './raw-peer.spec-kit.js';

const CASES = [...FRAMING, ...improper(TEXT), ...fragments(TEXT), ...UTF8, ...aroundClose(TEXT), ...CLOSING, ...LIMITS];
/** The suite sends texts, which all go to `ws`; what takes the short way is binary. */
const IN_BINARY = [...improper(BINARY), ...fragments(BINARY), ...aroundClose(BINARY)].map(({ id, ...rest }) => ({
  id: `${id} in binary`,
  ...rest,
}));
const ALL = [...CASES, ...IN_BINARY];
const FEW_BYTES = 1024;
const SOUND = Buffer.alloc(1920, 7);

const bytesIn = ({ steps }: AutobahnCase): number =>
  steps.reduce((sum: number, step) => sum + (typeof step === 'number' ? 0 : step.length), 0);

/** The same behind a frame that `ws` has never seen, and in a write for each byte. */
function behindSound({ id, steps, answers }: AutobahnCase): AutobahnCase {
  const cut = steps.flatMap<Step>((step) => (typeof step === 'number' ? [step + 1] : inChops(1, step)));
  return { id, steps: [frame(BINARY, SOUND), 1, ...cut], answers: [inWords(BINARY, SOUND), ...answers] };
}

describe('an echo on the short way, in the cases of the Autobahn suite', () => {
  let direct: EchoServer;
  let inRounds: EchoServer;
  let alone: EchoServer;

  beforeAll(async () => {
    direct = await EchoServer.start('direct');
    inRounds = await EchoServer.start('in rounds');
    alone = await EchoServer.start('ws alone');
  });
  afterAll(async () => {
    await direct.close();
    await inRounds.close();
    await alone.close();
  });

  it.each(ALL)('$id passes, and is answered to the byte as by ws alone', async ({ steps, answers }) => {
    const answer = await play(direct.port, steps);
    expect(framesOf(answer)).toEqual(answers);
    expect(answer.equals(await play(alone.port, steps))).toBe(true);
  });

  const small = ALL.filter((each) => bytesIn(each) <= FEW_BYTES).map(behindSound);
  it.each(small)('$id passes behind sound, and byte for byte', async ({ steps, answers }) => {
    expect(framesOf(await play(direct.port, steps))).toEqual(answers);
  });
  it.each(small)('$id passes when it is read in rounds', async ({ steps, answers }) => {
    expect(framesOf(await play(inRounds.port, steps))).toEqual(answers);
  });
});
