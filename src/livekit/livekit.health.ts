import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { RoomServiceClient } from 'livekit-server-sdk';
import { withTimeout } from '../async/with-timeout.js';
import { errorKind } from '../logging/error-kind.js';

const FRESH_MS = 5_000;
const TIMEOUT_MS = 3_000;
/** No room has this name, so the answer is short. */
const NO_ROOM = 'roomscribe-health-probe';

/** Whether LiveKit's server API accepts our key. Asked at most every five seconds, however often health is checked. */
@Injectable()
export class LiveKitHealth {
  #last: { readonly atMs: number; readonly problem: Promise<string | undefined> } | undefined;

  constructor(
    private readonly rooms: RoomServiceClient,
    private readonly indicator: HealthIndicatorService,
  ) {}

  async check(): Promise<HealthIndicatorResult> {
    const nowMs = performance.now();
    if (this.#last === undefined || nowMs - this.#last.atMs > FRESH_MS) {
      this.#last = { atMs: nowMs, problem: this.#ask() };
    }
    const problem = await this.#last.problem;
    const check = this.indicator.check('livekit');
    return problem === undefined ? check.up() : check.down({ message: problem });
  }

  async #ask(): Promise<string | undefined> {
    const answer = this.rooms.listRooms([NO_ROOM]).then(
      () => undefined,
      (error: unknown) => `LiveKit's API does not answer as it should: ${errorKind(error)}`,
    );
    return withTimeout(answer, TIMEOUT_MS, `no answer within ${TIMEOUT_MS} ms`);
  }
}
