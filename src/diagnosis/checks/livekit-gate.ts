import { isAnswer } from '../asking/ask.js';
import type { Outcome } from '../check.js';
import type { Deployment } from '../deployment.js';

/** Why a row about LiveKit need not be asked; undefined where it can be. */
export async function notReady(deployment: Deployment): Promise<Outcome<never> | undefined> {
  const reply = await deployment.rooms();
  return isAnswer(reply) && reply.status === 200 ? undefined : { finding: 'after-livekit' };
}
