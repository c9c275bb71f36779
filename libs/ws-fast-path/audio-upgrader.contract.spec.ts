import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inChops, inWords, type AutobahnCase, type Step } from './autobahn/case.spec-kit.js';
import { aroundClose, CLOSING } from './autobahn/closing.spec-kit.js';
import { fragments } from './autobahn/fragments.spec-kit.js';
import { FRAMING } from './autobahn/framing.spec-kit.js';
import { improper } from './autobahn/improper.spec-kit.js';
import { LIMITS } from './autobahn/limits.spec-kit.js';
import { framesOf, play } from './autobahn/player.spec-kit.js';
import { UTF8 } from './autobahn/utf8.spec-kit.js';
import { EchoServer, IMPLEMENTATIONS, type Implementation } from './echo-server.spec-kit.js';
import { BINARY, frame, TEXT } from './raw-peer.spec-kit.js';

const CASES = [...FRAMING, ...improper(TEXT), ...fragments(TEXT), ...UTF8, ...aroundClose(TEXT), ...CLOSING, ...LIMITS];
/** Autobahn sends texts, which `ws` always parses; the fast path takes binary messages. */
const IN_BINARY = [...improper(BINARY), ...fragments(BINARY), ...aroundClose(BINARY)].map(({ id, ...rest }) => ({
  id: `${id} in binary`,
  ...rest,
}));
const ALL = [...CASES, ...IN_BINARY];
const FEW_BYTES = 1024;
const AUDIO = Buffer.alloc(1920, 7);

const bytesIn = ({ steps }: AutobahnCase): number =>
  steps.reduce((sum: number, step) => sum + (typeof step === 'number' ? 0 : step.length), 0);

/** The same case after a frame of audio, which the fast path keeps from `ws`, and in a write for each byte. */
function afterAudio({ id, steps, answers }: AutobahnCase): AutobahnCase {
  const cut = steps.flatMap<Step>((step) => (typeof step === 'number' ? [step + 1] : inChops(1, step)));
  return { id, steps: [frame(BINARY, AUDIO), 1, ...cut], answers: [inWords(BINARY, AUDIO), ...answers] };
}

const BYTE_BY_BYTE = ALL.filter((each) => bytesIn(each) <= FEW_BYTES).map(afterAudio);

describe('in the cases of the Autobahn test suite', () => {
  const servers = new Map<Implementation, EchoServer>();
  const answersOfPlainWs = new Map<string, Promise<Buffer>>();

  beforeAll(async () => {
    for (const each of IMPLEMENTATIONS) servers.set(each, await EchoServer.start(each));
  });
  afterAll(async () => {
    for (const server of servers.values()) await server.close();
  });

  const answerOf = (implementation: Implementation, steps: readonly Step[]): Promise<Buffer> =>
    play(servers.get(implementation)!.port, steps);
  const answerOfPlainWs = ({ id, steps }: AutobahnCase): Promise<Buffer> => {
    const answer = answersOfPlainWs.get(id) ?? answerOf('plain ws', steps);
    answersOfPlainWs.set(id, answer);
    return answer;
  };

  describe.each(IMPLEMENTATIONS)('an echo server on %s', (implementation) => {
    it.each(ALL)('passes $id, with the same bytes as plain ws', async (each) => {
      const expected = await answerOfPlainWs(each);
      const answer = implementation === 'plain ws' ? expected : await answerOf(implementation, each.steps);
      expect(framesOf(answer)).toEqual(each.answers);
      expect(answer.equals(expected)).toBe(true);
    });

    it.each(BYTE_BY_BYTE)('passes $id after audio, byte by byte', async ({ steps, answers }) => {
      expect(framesOf(await answerOf(implementation, steps))).toEqual(answers);
    });
  });
});
