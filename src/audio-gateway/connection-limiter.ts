import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { RateLimiter } from '../async/rate-limiter.js';
import { Clock } from '../media/clock.js';
import { codeOfStatus, problem, PROBLEM_TYPE } from '../http/problem.js';
import { Metrics } from '../metrics/metrics.js';
import { countedAddress } from './peer-address.js';
import { PENDING_LIMITS, PendingConnections, type CutReason } from './pending-connections.js';
import type { Refused } from './upgrade-gate.js';

const CHECK_EVERY_MS = 250;
/** Connections that are kept open for another request. */
const MAX_IDLE = 1_024;
/** For the later requests of a connection, which Node would otherwise check every 30 s. */
const SLOW_REQUESTS = {
  headersTimeout: PENDING_LIMITS.patienceMs,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
};
/** The answers to errors of Node's HTTP server; to all others it is 400. */
const PARSER_STATUS: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };
/** Refusals that need no token to cause. Peers that had a token are always answered. */
const UNPROVEN: ReadonlySet<Refused['because']> = new Set(['path', 'missing', 'forged']);
/** How many such refusals an address is answered. */
const FAILED_HANDSHAKES = { burst: 200, perSecond: 5, maxKeys: 4_096 };

/**
 * Limits connections that send no request, answers upgrades that are refused, and counts both. A connection whose upgrade
 * succeeded is not its concern any more.
 */
@Injectable()
export class ConnectionLimiter implements OnApplicationShutdown {
  readonly #pending: PendingConnections<Duplex>;
  /** Connections between two requests, the one that is idle for longest first. */
  readonly #idle = new Set<Socket>();
  /** Counted by address, after a token was found invalid: a valid one always gets in, even from an address that guesses. */
  readonly #failed = new RateLimiter(FAILED_HANDSHAKES);
  readonly #refused: Counter<'status' | 'reason'>;
  readonly #cut: Counter<'reason'>;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    metrics: Metrics,
    private readonly clock: Clock,
  ) {
    this.#refused = metrics.counter('audio_upgrades_refused_total', 'connections refused before the upgrade', [
      'status',
      'reason',
    ]);
    this.#cut = metrics.counter('connections_cut_total', 'connections cut before they were upgraded', ['reason']);
    this.#pending = new PendingConnections((reason) => this.#count(reason));
    metrics.gauge('connections_pending', 'connections without a request yet', () => this.#pending.size);
  }

  guard(server: Server): void {
    Object.assign(server, SLOW_REQUESTS);
    server.on('connection', (socket) => this.#onConnection(socket));
    server.on('request', ({ socket }, response) => {
      this.#pending.remove(socket);
      this.#idle.delete(socket);
      response.once('finish', () => this.#onIdle(socket));
    });
    server.on('upgrade', ({ socket }) => this.#pending.remove(socket));
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => this.#onMalformed(error.code ?? '', socket));
    this.#timer ??= setInterval(() => this.cutOverdue(), CHECK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** Cuts connections that have been pending for too long. */
  cutOverdue(): void {
    this.#pending.cutOverdue(this.clock.monotonicMs());
  }

  /** Refuses an upgrade and closes its socket; an address that fails again and again is not answered. */
  refuse({ socket }: IncomingMessage, { status, reason, because }: Refused): void {
    this.#refused.inc({ status: String(status), reason: because });
    const address = countedAddress(socket.remoteAddress);
    if (!UNPROVEN.has(because) || this.#failed.tryAcquire(address, this.clock.monotonicMs())) {
      answer(socket, status, reason, because === 'ended' ? 'session_ended' : undefined);
      return;
    }
    this.#count('failing');
    socket.resetAndDestroy();
  }

  #onConnection(socket: Socket): void {
    this.#pending.add(socket, countedAddress(socket.remoteAddress), this.clock.monotonicMs());
    socket.once('close', () => {
      this.#pending.remove(socket);
      this.#idle.delete(socket);
    });
  }

  /** It may stay for another request, unless too many do: then the one that is idle for longest is closed. */
  #onIdle(socket: Socket): void {
    if (socket.destroyed) return;
    this.#idle.add(socket);
    const [longest] = this.#idle;
    if (this.#idle.size <= MAX_IDLE || longest === undefined) return;
    this.#idle.delete(longest);
    this.#count('idle');
    longest.destroy();
  }

  /** Answered only where it is the connection's first request: the answer to an earlier one may still be on its way. */
  #onMalformed(code: string, socket: Duplex): void {
    if (!this.#pending.has(socket) || code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    this.#pending.remove(socket);
    this.#count(code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'slow' : 'malformed');
    answer(socket, PARSER_STATUS[code] ?? 400, 'no HTTP that can be read, too much of it, or too slow');
  }

  #count(reason: CutReason | 'malformed' | 'failing' | 'idle'): void {
    this.#cut.inc({ reason });
  }
}

/** Destroys the socket as soon as the answer is sent: a peer that never closes its side must not keep it. */
function answer(socket: Duplex, status: number, detail: string, code = codeOfStatus(status)): void {
  const body = JSON.stringify(problem(status, code, detail));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
