import { defineCheck, type Finding } from '../check.js';
import type { Deployment } from '../deployment.js';
import { dial, type Dialled } from '../probes/websocket.js';
import { networkFindings } from './network.js';

type Refusal =
  'unauthorized' | 'upgrade-eaten' | 'not-found' | 'no-upgrade' | 'redirect' | 'no-backend' | 'limited' | 'answered';

/** What may be answered in HTTP where a WebSocket should open. */
const refusalFindings: Readonly<Record<Refusal, Finding>> = {
  unauthorized: {
    state: 'broken',
    meaning:
      'Who answers there refuses our token (401 or 403): a service with another LIVEKIT_API_SECRET or an older version, or a proxy that asks for a login.',
    remedy:
      'Give every process the same LIVEKIT_API_SECRET and version, and let the proxy pass `/egress/audio/` without a login: the token in the query is the login.',
  },
  'upgrade-eaten': {
    state: 'broken',
    meaning: 'The request reaches this service as plain HTTP: a proxy has taken the Upgrade header away.',
    remedy:
      'Let the proxy pass WebSockets on: nginx needs `proxy_http_version 1.1`, `proxy_set_header Upgrade $http_upgrade` and `proxy_set_header Connection "upgrade"`; on an AWS load balancer use an HTTP listener of an ALB, not of a classic one.',
  },
  'not-found': {
    state: 'broken',
    meaning: 'Something answers 404 there: a proxy without a route for this path, or a path that is wrong.',
    remedy:
      'EGRESS_WEBSOCKET_BASE_URL ends in /egress/audio, and what the service sees must begin so: let the proxy route `/egress/audio/` to PORT, and take no part of that path away.',
  },
  'no-upgrade': {
    state: 'broken',
    meaning: 'An ordinary web page is served there (200 instead of 101).',
    remedy: 'A proxy sends the path to a web site: route `/egress/audio/` to PORT of this service, with WebSockets.',
  },
  redirect: {
    state: 'broken',
    meaning: 'A redirect is answered, and Egress follows none.',
    remedy:
      'Set EGRESS_WEBSOCKET_BASE_URL to where the redirect leads: mostly wss:// instead of ws://, or the right host.',
  },
  'no-backend': {
    state: 'broken',
    meaning: 'A proxy answers that nobody is behind it (502, 503 or 504).',
    remedy: 'Start the service, and point the proxy (upstream, Service, target group) at its PORT.',
  },
  limited: {
    state: 'broken',
    meaning: 'Too many connections are made there (429).',
    remedy: 'Let the limit of the proxy or of this service hold as many connections as rooms have tracks.',
  },
  answered: {
    state: 'broken',
    meaning: 'Something answers there, and it does not open a WebSocket.',
    remedy: 'The status that is shown is the proxy’s or that of another service: look at the log of who listens there.',
  },
};

const LOOPBACK = /^(localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0)$/;

export const egressAddress = defineCheck({
  id: 'egress-address',
  leg: 'Egress to this service',
  question: 'Does EGRESS_WEBSOCKET_BASE_URL lead to this service?',
  findings: {
    reached: {
      state: 'ok',
      meaning:
        'A WebSocket dialled at EGRESS_WEBSOCKET_BASE_URL from here ends in this service, which proved that it is the one.',
    },
    'reached-on-loopback': {
      state: 'ok',
      meaning: 'A WebSocket dialled at EGRESS_WEBSOCKET_BASE_URL ends in this service, by way of loopback.',
      remedy:
        'Fine where Egress runs on this very host and in no container. In a container it has another localhost: name the service (`ws://roomscribe:3001/egress/audio`) or `host.docker.internal`.',
    },
    loopback: {
      state: 'broken',
      meaning:
        'EGRESS_WEBSOCKET_BASE_URL names this host by loopback, and LiveKit runs elsewhere: its Egress would dial itself.',
      remedy:
        'Set EGRESS_WEBSOCKET_BASE_URL to wss://HOST/egress/audio as the internet reaches this service; for a try at home use a tunnel (`cloudflared tunnel --url http://localhost:3001`).',
    },
    ...networkFindings({
      name: 'EGRESS_WEBSOCKET_BASE_URL',
      variable: 'EGRESS_WEBSOCKET_BASE_URL',
      whenRefused:
        'Start the service, publish its PORT (`-p 3001:3001`, a Kubernetes Service), or correct host and port of EGRESS_WEBSOCKET_BASE_URL.',
    }),
    ...refusalFindings,
    'other-service': {
      state: 'broken',
      meaning: 'A WebSocket opens there, and who answers is not this service, or nothing comes through.',
      remedy:
        'Point host and port (or the proxy behind them) at PORT of this service; a proxy that inspects WebSockets must let binary and text frames through.',
    },
    'other-process': {
      state: 'broken',
      meaning:
        'Another process of this deployment answers there: an old one, or another replica. It refuses the sockets of this one.',
      remedy:
        'End the old process; where there are several replicas give each an address of its own, since Egress must dial the one that started it.',
    },
  },
  async ofDeployment(deployment) {
    if (!deployment.usesEgress) return { finding: 'not-used' };
    const isLocal = isLoopback(deployment.config.egress.websocketBaseUrl);
    if (isLocal && !isLoopback(deployment.config.livekit.httpUrl)) return { finding: 'loopback' };
    const { dialled, instance } = await dialProbe(deployment, deployment.config.egress.websocketBaseUrl);
    if (dialled.kind === 'fault') return { finding: dialled.fault, facts: { code: dialled.code } };
    if (dialled.kind === 'answered') return { finding: refusalOf(dialled), facts: { status: dialled.status } };
    if (instance === undefined) return { finding: 'other-service' };
    const expected = await expectedInstance(deployment);
    if (expected !== undefined && expected !== instance) return { finding: 'other-process' };
    return { finding: isLocal ? 'reached-on-loopback' : 'reached' };
  },
});

async function dialProbe(
  { reachProbe, timeoutMs }: Deployment,
  baseUrl: string,
): Promise<{ dialled: Dialled; instance?: string }> {
  const challenge = reachProbe.challenge(Date.now());
  const dialled = await dial(`${baseUrl}${challenge.path}`, timeoutMs);
  const message = dialled.kind === 'open' ? dialled.message : undefined;
  const instance = message === undefined ? undefined : reachProbe.verify(challenge, message);
  return { dialled, ...(instance !== undefined && { instance }) };
}

/** Which process should have answered; undefined where that cannot be known from here. */
async function expectedInstance(deployment: Deployment): Promise<string | undefined> {
  const { listener, reachProbe } = deployment;
  if (listener.kind === 'this-process') return reachProbe.instance;
  return listener.kind === 'service' ? (await dialProbe(deployment, listener.gatewayUrl)).instance : undefined;
}

const isLoopback = (url: string): boolean => LOOPBACK.test(new URL(url).hostname);

/** @param body what was written beside the status: Nest writes `Cannot GET` of what comes without an upgrade */
function refusalOf({ status, body }: { readonly status: number; readonly body: string }): Refusal {
  if (status === 401 || status === 403 || status === 407) return 'unauthorized';
  if (status === 404) return /Cannot GET/.test(body) ? 'upgrade-eaten' : 'not-found';
  if (status === 426 || status === 400) return 'upgrade-eaten';
  if (status >= 300 && status < 400) return 'redirect';
  if (status >= 200 && status < 300) return 'no-upgrade';
  if (status === 429) return 'limited';
  return status >= 502 && status <= 504 ? 'no-backend' : 'answered';
}
