import { dial, type Dialled } from '../asking/dial.js';
import { defineCheck } from '../check.js';
import type { Deployment } from '../deployment.js';
import { networkFindings } from '../network-findings.js';
import { refusalFindings, refusalOf } from './egress-address-refusals.js';

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
        'Start the service, publish its PORT (`-p 3001:3001`, a Kubernetes Service), or mend host and port of EGRESS_WEBSOCKET_BASE_URL.',
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
  { probe, patienceMs }: Deployment,
  baseUrl: string,
): Promise<{ dialled: Dialled; instance?: string }> {
  const challenge = probe.challenge(Date.now());
  const dialled = await dial(`${baseUrl}${challenge.path}`, patienceMs);
  const message = dialled.kind === 'open' ? dialled.message : undefined;
  const instance = message === undefined ? undefined : probe.verify(challenge, message);
  return { dialled, ...(instance !== undefined && { instance }) };
}

/** Which process should have answered; undefined where that cannot be known from here. */
async function expectedInstance(deployment: Deployment): Promise<string | undefined> {
  const { listener, probe } = deployment;
  if (listener.kind === 'this-process') return probe.instance;
  return listener.kind === 'service' ? (await dialProbe(deployment, listener.gatewayUrl)).instance : undefined;
}

const isLoopback = (url: string): boolean => LOOPBACK.test(new URL(url).hostname);
