import type { IncomingMessage, ServerResponse } from 'node:http';
import { z, ZodError } from 'zod';
import type { EgressService } from '../egress/egress-service.js';
import type { Recording } from '../recordings/recording.js';
import { readBody, sendJson } from './http-body.js';
import { participantJson } from './participant-json.js';
import type { SandboxParticipant } from './sandbox-participant.js';
import type { SandboxRooms } from './sandbox-rooms.js';
import { type SandboxTrack, type Sayable, trackJson } from './sandbox-track.js';
import type { WebhookName, WebhookSender } from './webhook-sender.js';

export interface ControlTargets {
  readonly rooms: SandboxRooms;
  readonly webhooks: WebhookSender;
  readonly egress: EgressService;
  readonly recordings: readonly Recording[];
}

const PREFIX = '/__sandbox/';

const joining = z.object({
  identity: z.string().min(1),
  name: z.string().default(''),
  kind: z.enum(['standard', 'sip', 'ingress', 'egress', 'agent']).default('standard'),
});
const publishing = z.object({
  source: z.enum(['microphone', 'screen_share_audio', 'camera', 'screen_share', 'unknown']).default('microphone'),
  muted: z.boolean().default(false),
  name: z.string().default('mic'),
});

class Unknown extends Error {}

/**
 * Drives the rooms from another process, in JSON under `/__sandbox/`:
 *
 * - `GET rooms` and `DELETE rooms/{room}`
 * - `POST rooms/{room}/participants` `{identity, name?, kind?}`; `DELETE rooms/{room}/participants/{identity}`
 * - `GET rooms/{room}/participants/{identity}/data`: the packets it received
 * - `POST rooms/{room}/participants/{identity}/tracks` `{source?, muted?, name?}` gives `{sid}`
 * - `POST tracks/{sid}/say?recording={id}`, or with 16 kHz mono S16LE as the body; answers when it was spoken
 * - `POST tracks/{sid}/mute`, `unmute`, `hush`; `DELETE tracks/{sid}`
 * - `POST faults`: see `planFaults`
 */
export class ControlApi {
  constructor(private readonly targets: ControlTargets) {}

  serves(request: IncomingMessage): boolean {
    return request.url?.startsWith(PREFIX) === true;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      sendJson(response, 200, (await this.#answer(request)) ?? {});
    } catch (error) {
      const status = error instanceof Unknown ? 404 : error instanceof ZodError ? 400 : 500;
      sendJson(response, status, { message: error instanceof Error ? error.message : 'failed' });
    }
  }

  async #answer(request: IncomingMessage): Promise<object | undefined> {
    const url = new URL(request.url ?? '', 'http://sandbox');
    const [what, ...path] = url.pathname.slice(PREFIX.length).split('/').map(decodeURIComponent);
    const call: Call = { method: request.method ?? '', path, body: await readBody(request), query: url.searchParams };
    if (what === 'rooms') return this.#onRooms(call);
    if (what === 'tracks') return this.#onTrack(call);
    if (what === 'faults') return planFaults(jsonOf(call.body), this.targets);
    throw new Unknown(`nothing at ${url.pathname}`);
  }

  #onRooms({ method, path, body }: Call): object | undefined {
    const [room, , identity, part] = path;
    if (room === undefined) return { rooms: this.targets.rooms.open().map((open) => open.toJson()) };
    if (path.length === 1 && method === 'DELETE') {
      this.targets.rooms.room(room).close();
      return undefined;
    }
    if (identity === undefined) return participantJson(this.targets.rooms.room(room).join(joining.parse(jsonOf(body))));
    const participant = this.#participant(room, identity);
    if (part === 'data') return { packets: participant.received.map(packetJson) };
    if (part === 'tracks') return trackJson(participant.publish(publishing.parse(jsonOf(body))));
    if (method === 'DELETE') participant.leave();
    return participantJson(participant);
  }

  async #onTrack({ method, path, body, query }: Call): Promise<object | undefined> {
    const [sid = '', action] = path;
    const track = this.#track(sid);
    if (method === 'DELETE') track.unpublish();
    else if (action === 'say') await track.say(this.#sayable(query.get('recording'), body));
    else if (action === 'mute' || action === 'unmute' || action === 'hush') track[action]();
    else throw new Unknown('a track can say, mute, unmute and hush');
    return track.published ? trackJson(track) : undefined;
  }

  #sayable(recordingId: string | null, body: Buffer): Sayable {
    if (recordingId === null) return samplesOf(body);
    const recording = this.targets.recordings.find(({ id }) => id === recordingId);
    if (recording === undefined) throw new Unknown('no such recording');
    return recording;
  }

  #participant(room: string, identity: string): SandboxParticipant {
    const participant = this.targets.rooms.find(room)?.participants.get(identity);
    if (participant === undefined) throw new Unknown('no such participant');
    return participant;
  }

  #track(sid: string): SandboxTrack {
    const tracks = this.targets.rooms.open().flatMap((room) => room.tracks());
    const track = tracks.find((candidate) => candidate.sid === sid);
    if (track === undefined) throw new Unknown('no such track');
    return track;
  }
}

interface Call {
  readonly method: string;
  readonly path: readonly string[];
  readonly body: Buffer;
  readonly query: URLSearchParams;
}

const jsonOf = (body: Buffer): unknown => (body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as unknown));

function samplesOf(body: Buffer): Int16Array {
  const samples = new Int16Array(Math.floor(body.length / 2));
  for (let i = 0; i < samples.length; i++) samples[i] = body.readInt16LE(i * 2);
  return samples;
}

function packetJson(packet: SandboxParticipant['received'][number]): object {
  const { payload, ...facts } = packet;
  return { ...facts, text: Buffer.from(payload).toString('utf8') };
}

const count = z.number().int().positive().optional();

const faults = z.strictObject({
  /** Forget every planned fault first. */
  clear: z.boolean().default(false),
  webhooks: z
    .array(
      z.object({
        event: z.string().default('*'),
        kind: z.enum(['lose', 'double', 'delay']),
        delayMs: z.number().default(1000),
        count,
      }),
    )
    .default([]),
  /** Hold the next webhooks back and send them in reverse order. */
  reorderWebhooks: count,
  failingStarts: count,
  unavailableStarts: count,
  neverDialling: count,
  limitedStarts: count,
  lostAnswers: count,
  /** From now on, for every call of the Egress API. */
  egressApi: z.enum(['failing', 'unavailable', 'unanswered', 'well']).optional(),
  egressApiLatencyMs: z.number().min(0).optional(),
  accountSlots: count,
  oldServer: z.boolean().optional(),
  /** End this egress as after twelve hours, or let it fail; `*`: all. */
  limitEgress: z.string().optional(),
  failEgress: z.string().optional(),
  /** Kill the worker of this egress, or cut its network without a word; `*`: of all. */
  killEgress: z.string().optional(),
  vanishEgress: z.string().optional(),
});

/** Plans what `POST /__sandbox/faults` asks for. */
async function planFaults(
  body: unknown,
  { webhooks, egress }: { readonly webhooks: WebhookSender; readonly egress: EgressService },
): Promise<undefined> {
  const asked = faults.parse(body);
  if (asked.clear) {
    webhooks.faults.clear();
    egress.faults.clear();
  }
  for (const { event, kind, delayMs, count } of asked.webhooks) {
    webhooks.faults.plan(event as WebhookName | '*', { kind, delayMs }, count);
  }
  if (asked.reorderWebhooks !== undefined) webhooks.reorderNext(asked.reorderWebhooks);
  egress.faults.failingStarts += asked.failingStarts ?? 0;
  egress.faults.unavailableStarts += asked.unavailableStarts ?? 0;
  egress.faults.neverDialling += asked.neverDialling ?? 0;
  egress.faults.limitedStarts += asked.limitedStarts ?? 0;
  egress.faults.lostAnswers += asked.lostAnswers ?? 0;
  egress.faults.accountSlots = asked.accountSlots ?? egress.faults.accountSlots;
  egress.faults.oldServer = asked.oldServer ?? egress.faults.oldServer;
  egress.faults.latencyMs = asked.egressApiLatencyMs ?? egress.faults.latencyMs;
  if (asked.egressApi !== undefined) egress.faults.api = asked.egressApi === 'well' ? undefined : asked.egressApi;
  if (asked.limitEgress !== undefined) egress.reachLimit(idOf(asked.limitEgress));
  if (asked.failEgress !== undefined) egress.fail(idOf(asked.failEgress));
  if (asked.vanishEgress !== undefined) egress.vanish(idOf(asked.vanishEgress));
  if (asked.killEgress !== undefined) await egress.kill(idOf(asked.killEgress));
}

const idOf = (asked: string): string | undefined => (asked === '*' ? undefined : asked);
