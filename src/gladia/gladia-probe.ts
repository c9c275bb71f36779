import type { SpeechOptions } from '../config/speech-options.js';
import { Backoff } from '../async/backoff.js';
import { withTimeout } from '../async/with-timeout.js';
import { sleep } from '../async/sleep.js';
import type { ConnectionEnd } from './stream/close-codes.js';
import { GladiaApi } from './api/gladia-api.js';
import { GladiaError } from './api/gladia-error.js';
import { sessionRequest } from './api/gladia-session-request.js';
import { GladiaSettings, type GladiaAccount } from './api/gladia-settings.js';
import { GladiaSocket } from './stream/gladia-socket.js';

/** Why a call came to nothing. */
export type GladiaRefusal =
  | { readonly kind: 'refused'; readonly status: number }
  /** A success, whose body is not what Gladia writes, or whose address for sound cannot be used. */
  | { readonly kind: 'unusable' }
  /** @property error of `fetch` */
  | { readonly kind: 'unreachable'; readonly error: unknown };

/** What became of a live session that was opened for a moment. */
export type LiveSessionTry =
  | { readonly kind: 'opened'; readonly deleted: boolean }
  | { readonly kind: 'no-socket'; readonly upgradeStatus: number | undefined; readonly error: Error | undefined }
  | GladiaRefusal;

const SESSION_ID = 'roomscribe-doctor';
const OPEN_AND_END_WITHIN_MS = 20_000;
const DELETION_ATTEMPTS = 8;
const DELETION_BACKOFF = { baseMs: 500, capMs: 1_000 };

/** Tries Gladia out for a diagnosis, by the client that the service itself uses. Nothing here rejects. */
export class GladiaProbe {
  readonly #settings: GladiaSettings;
  readonly #api: GladiaApi;

  /** @param options of a session for which nothing else is wished */
  constructor(
    account: GladiaAccount,
    private readonly options: SpeechOptions,
    timeoutMs: number,
  ) {
    this.#settings = new GladiaSettings(account, { requestTimeoutMs: timeoutMs });
    this.#api = new GladiaApi(this.#settings);
  }

  /** Asks for as little as possible. Undefined when Gladia answers and takes the key. */
  async tryKey(): Promise<GladiaRefusal | undefined> {
    try {
      await this.#api.probe(NEVER);
      return undefined;
    } catch (error) {
      return refusalOf(error);
    }
  }

  /** Opens a session with the service's own settings, connects, ends it and has it deleted. No sound is sent. */
  async tryLiveSession(): Promise<LiveSessionTry> {
    try {
      const request = sessionRequest(this.#settings.account, SESSION_ID, this.options);
      const { id, url } = await this.#api.createSession(request, NEVER);
      const failed = await this.#connectAndEnd(url);
      const deleted = await this.#delete(id);
      if (failed === undefined) return { kind: 'opened', deleted };
      return { kind: 'no-socket', upgradeStatus: failed.upgradeStatus, error: failed.error };
    } catch (error) {
      return refusalOf(error);
    }
  }

  /** Resolves with the end of a connection that never opened, else with undefined. */
  async #connectAndEnd(url: string): Promise<ConnectionEnd | undefined> {
    let isOpen = false;
    let close: (end: ConnectionEnd | undefined) => void = () => undefined;
    const closed = new Promise<ConnectionEnd | undefined>((resolve) => (close = resolve));
    const socket = new GladiaSocket(url, this.#settings.timings, {
      opened: () => {
        isOpen = true;
        socket.sendStop();
      },
      message: () => undefined,
      closed: (end) => close(isOpen ? undefined : end),
    });
    try {
      return await withTimeout(closed, OPEN_AND_END_WITHIN_MS, undefined);
    } finally {
      socket.detach();
    }
  }

  /** Gladia refuses until it has processed the session. */
  async #delete(id: string): Promise<boolean> {
    const backoff = new Backoff(DELETION_BACKOFF, () => 1);
    for (let attempt = 0; attempt < DELETION_ATTEMPTS; attempt++) {
      try {
        await this.#api.deleteSession(id, NEVER);
        return true;
      } catch (error) {
        if (error instanceof GladiaError && error.status === 404) return true;
        await sleep(backoff.nextMs(), NEVER);
      }
    }
    return false;
  }
}

const NEVER = new AbortController().signal;

function refusalOf(error: unknown): GladiaRefusal {
  if (!(error instanceof GladiaError)) throw error;
  if (error.status !== undefined) return { kind: 'refused', status: error.status };
  return error.networkError === undefined ? { kind: 'unusable' } : { kind: 'unreachable', error: error.networkError };
}
