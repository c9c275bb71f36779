import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { withTimeout } from '../../async/with-timeout.js';
import type { Deployment } from '../deployment.js';
import { isAnswer, type Answer } from './ask.js';
import { askGladia } from './gladia-calls.js';
import { networkFault, type Fault } from './network-fault.js';
import { parsed } from './parsed.js';

const OPEN_WITHIN_MS = 10_000;
const END_WITHIN_MS = 10_000;
const DELETE_AGAIN_MS = 1_000;
const DELETE_ATTEMPTS = 8;

const createdSchema = z.object({ id: z.string(), url: z.url({ protocol: /^wss?$/ }) });

/** What became of a session that was opened for a moment. */
export type GladiaTry =
  | { readonly kind: 'opened'; readonly deleted: boolean }
  | { readonly kind: 'refused'; readonly answer: Answer }
  | ({ readonly kind: 'no-socket' } & Fault)
  | ({ readonly kind: 'fault' } & Fault);

/** Opens one session, connects, stops it and has it deleted. No sound is sent. */
export async function tryGladiaSession(deployment: Deployment): Promise<GladiaTry> {
  const { region, model } = deployment.config.gladia;
  const query = region === undefined ? '' : `?region=${encodeURIComponent(region)}`;
  const format = { encoding: 'wav/pcm', bit_depth: 16, sample_rate: 16_000, channels: 1 };
  const reply = await askGladia(deployment, 'POST', `/v2/live${query}`, { ...format, model });
  if (!isAnswer(reply)) return { kind: 'fault', ...reply };
  const created = reply.status === 201 ? parsed(createdSchema, reply.body) : undefined;
  if (created === undefined) return { kind: 'refused', answer: reply };
  const fault = await openAndStop(created.url);
  const deleted = await remove(deployment, created.id);
  return fault === undefined ? { kind: 'opened', deleted } : { kind: 'no-socket', ...fault };
}

async function openAndStop(url: string): Promise<Fault | undefined> {
  const socket = new WebSocket(url, { handshakeTimeout: OPEN_WITHIN_MS, perMessageDeflate: false });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  try {
    await once(socket, 'open');
    socket.on('error', () => socket.terminate());
    socket.send(JSON.stringify({ type: 'stop_recording' }));
    await withTimeout(closed, END_WITHIN_MS, undefined);
    return undefined;
  } catch (error) {
    return networkFault(error);
  } finally {
    socket.terminate();
  }
}

/** Gladia deletes a session only when it has done with it. */
async function remove(deployment: Deployment, id: string): Promise<boolean> {
  for (let attempt = 0; attempt < DELETE_ATTEMPTS; attempt++) {
    const reply = await askGladia(deployment, 'DELETE', `/v2/live/${encodeURIComponent(id)}`);
    if (isAnswer(reply) && (reply.status < 300 || reply.status === 404)) return true;
    await new Promise((resolve) => setTimeout(resolve, DELETE_AGAIN_MS));
  }
  return false;
}
