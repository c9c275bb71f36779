import { newSid } from '../livekit/sids.js';
import type { EgressRequest } from './egress-request.js';

export type EgressStatus =
  | 'EGRESS_STARTING'
  | 'EGRESS_ACTIVE'
  | 'EGRESS_ENDING'
  | 'EGRESS_COMPLETE'
  | 'EGRESS_FAILED'
  | 'EGRESS_ABORTED'
  | 'EGRESS_LIMIT_REACHED';

export type EndReason = 'StopEgress API' | 'Source closed' | 'Limit reached' | 'Failure';

const RUNNING: readonly EgressStatus[] = ['EGRESS_STARTING', 'EGRESS_ACTIVE', 'EGRESS_ENDING'];

/** What is known of one egress; `toJson` is its `livekit.EgressInfo`. */
export class EgressRecord {
  readonly egressId = newSid('EG_');
  #status: EgressStatus = 'EGRESS_STARTING';
  readonly #startedAt = unixNanos();
  #updatedAt = this.#startedAt;
  #streamStartedAt = this.#startedAt;
  #endedAt: bigint | undefined;
  #details: string | undefined;
  #failure: { readonly error: string; readonly errorCode: number } | undefined;

  constructor(
    readonly roomSid: string,
    readonly request: EgressRequest,
  ) {}

  get status(): EgressStatus {
    return this.#status;
  }

  get running(): boolean {
    return RUNNING.includes(this.#status);
  }

  /** The socket is open. */
  activate(): void {
    this.#status = 'EGRESS_ACTIVE';
    this.#streamStartedAt = this.#touch();
  }

  /** What is in the pipeline drains. */
  ending(reason: EndReason): void {
    this.#status = 'EGRESS_ENDING';
    this.#details = `End reason: ${reason}`;
    this.#touch();
  }

  end(status: 'EGRESS_COMPLETE' | 'EGRESS_ABORTED' | 'EGRESS_LIMIT_REACHED'): void {
    this.#status = status;
    this.#endedAt = this.#touch();
  }

  fail(error: string, errorCode: number): void {
    this.#status = 'EGRESS_FAILED';
    this.#details = 'End reason: Failure';
    this.#failure = { error, errorCode };
    this.#endedAt = this.#touch();
  }

  toJson(): object {
    const stream = this.#streamJson();
    return {
      egressId: this.egressId,
      roomId: this.roomSid,
      roomName: this.request.roomName,
      sourceType: 'EGRESS_SOURCE_TYPE_SDK',
      ...(this.#status !== 'EGRESS_STARTING' && { status: this.#status }),
      startedAt: String(this.#startedAt),
      ...(this.#endedAt !== undefined && { endedAt: String(this.#endedAt) }),
      updatedAt: String(this.#updatedAt),
      ...this.request.echo,
      streamResults: [stream],
      ...this.#failure,
      ...(this.#details !== undefined && { details: this.#details }),
      stream: { info: [stream] },
    };
  }

  /** A failed stream has no end, and so a duration that reaches back to 1970: LiveKit's own slip. */
  #streamJson(): object {
    const started = { url: this.request.url, startedAt: String(this.#streamStartedAt) };
    if (this.#endedAt === undefined) return started;
    if (this.#failure !== undefined)
      return { ...started, duration: String(-this.#streamStartedAt), status: 'FINISHED' };
    const duration = String(this.#endedAt - this.#streamStartedAt);
    return { ...started, endedAt: String(this.#endedAt), duration, status: 'FINISHED' };
  }

  #touch(): bigint {
    this.#updatedAt = unixNanos();
    return this.#updatedAt;
  }
}

const unixNanos = (): bigint => BigInt(Date.now()) * 1_000_000n;
