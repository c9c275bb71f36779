import { describe, expect, it } from '@jest/globals';
import { DeliveryStatus } from './delivery-status.js';

const AT = Date.UTC(2026, 0, 1);
const iso = (ms: number): string => new Date(AT + ms).toISOString();

describe('Deliveries', () => {
  it('tells when the first words went out, which a status before them is not', () => {
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
    deliveries.delivered(1, AT + 1);
    expect(deliveries.view).toEqual({
      lastRefusal: { at: iso(0), reason: 'PacketRefused 401' },
      lastDeliveredAt: iso(1),
    });
  });
});
