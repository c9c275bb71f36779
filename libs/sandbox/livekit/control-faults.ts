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
  /** Kill the worker of this egress; `*`: of all. */
  killEgress: z.string().optional(),
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
  if (asked.killEgress !== undefined) await egress.kill(asked.killEgress === '*' ? undefined : asked.killEgress);
}
