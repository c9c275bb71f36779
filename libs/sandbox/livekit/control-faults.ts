import { z } from 'zod';
import type { EgressService } from '../egress/egress-service.js';
import type { WebhookName } from './webhook-event.js';
import type { WebhookSender } from './webhook-sender.js';

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
export async function planFaults(
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
