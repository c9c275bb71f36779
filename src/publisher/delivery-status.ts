import { errorKind } from '../logging/error-kind.js';

export interface DeliveryView {
  /** When LiveKit accepted the first transcript, as ISO 8601; undefined before. */
  readonly firstTranscriptAt?: string;
  readonly lastDeliveredAt?: string;
  /** The last attempt that LiveKit refused; a later one may have succeeded. */
  readonly lastRefusal?: { readonly at: string; readonly reason: string };
}

/** What became of the packets of one session: shows whether its transcript reaches the room. */
export class DeliveryStatus {
  #view: DeliveryView = {};
  #firstTranscriptSeq: number | undefined;
  #forbidden = false;

  get view(): DeliveryView {
    return this.#view;
  }

  /** Whether the last refusal was for want of a grant (401 or 403). */
  get forbidden(): boolean {
    return this.#forbidden;
  }

  /** The message with this number is a transcript. */
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
    this.#forbidden = error instanceof Error && 'status' in error && (error.status === 401 || error.status === 403);
    this.#view = { ...this.#view, lastRefusal: { at: new Date(atUnixMs).toISOString(), reason: errorKind(error) } };
  }
}
