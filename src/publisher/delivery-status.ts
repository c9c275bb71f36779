import { errorKind } from '../logging/error-kind.js';

export interface DeliveryView {
  /** When the first words were taken by LiveKit, as ISO 8601; undefined while none were. */
  readonly firstTranscriptAt?: string;
  readonly lastDeliveredAt?: string;
  /** The last packet that LiveKit did not take at once; it may have been taken since. */
  readonly lastRefusal?: { readonly at: string; readonly reason: string };
}

/** What became of the packets of one session, for who asks whether words come out. */
export class DeliveryStatus {
  #view: DeliveryView = {};
  #firstTranscriptSeq: number | undefined;

  get view(): DeliveryView {
    return this.#view;
  }

  /** The message of this number holds words. */
  awaitTranscript(seq: number): void {
    this.#firstTranscriptSeq ??= seq;
  }

  delivered(seq: number | undefined, atUnixMs: number): void {
    const at = new Date(atUnixMs).toISOString();
    const isFirst = seq !== undefined && this.#firstTranscriptSeq !== undefined && seq >= this.#firstTranscriptSeq;
    const firstTranscriptAt = this.#view.firstTranscriptAt ?? (isFirst ? at : undefined);
    this.#view = { ...this.#view, ...(firstTranscriptAt !== undefined && { firstTranscriptAt }), lastDeliveredAt: at };
  }

  refused(error: unknown, atUnixMs: number): void {
    this.#view = { ...this.#view, lastRefusal: { at: new Date(atUnixMs).toISOString(), reason: errorKind(error) } };
  }
}
