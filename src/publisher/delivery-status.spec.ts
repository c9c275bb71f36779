import { describe, expect, it } from '@jest/globals';
import { DeliveryStatus } from './delivery-status.js';

const AT = Date.UTC(2026, 0, 1);
const iso = (ms: number): string => new Date(AT + ms).toISOString();

describe('DeliveryStatus', () => {
  it('reports when the first transcript was delivered, which a status before it is not', () => {
    const deliveries = new DeliveryStatus();
    deliveries.delivered(1, AT);
    expect(deliveries.view).toEqual({ lastDeliveredAt: iso(0) });
    deliveries.awaitTranscript(2);
    deliveries.awaitTranscript(3);
    deliveries.delivered(undefined, AT + 1);
    expect(deliveries.view.firstTranscriptAt).toBeUndefined();
    deliveries.delivered(3, AT + 2);
    deliveries.delivered(4, AT + 3);
    expect(deliveries.view).toEqual({ firstTranscriptAt: iso(2), lastDeliveredAt: iso(3) });
  });

  it('keeps the last refusal by its kind alone, since LiveKit quotes tokens in its words', () => {
    const deliveries = new DeliveryStatus();
    deliveries.refused(Object.assign(new Error('invalid token: eyJ…'), { name: 'PacketRefused', status: 401 }), AT);
    expect(deliveries.forbidden).toBe(true);
    deliveries.delivered(1, AT + 1);
    expect(deliveries.view).toEqual({
      lastRefusal: { at: iso(0), reason: 'PacketRefused 401' },
      lastDeliveredAt: iso(1),
    });
    deliveries.refused(new Error('no answer'), AT + 2);
    expect(deliveries.forbidden).toBe(false);
  });
});
