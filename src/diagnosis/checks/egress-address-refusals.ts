import type { Finding } from '../check.js';

type Refusal =
  'unauthorized' | 'upgrade-eaten' | 'not-found' | 'no-upgrade' | 'redirect' | 'no-backend' | 'limited' | 'answered';

/** What may be answered in HTTP where a WebSocket should open. */
export const refusalFindings: Readonly<Record<Refusal, Finding>> = {
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

/** @param body what was written beside the status: Nest writes `Cannot GET` of what comes without an upgrade */
export function refusalOf({ status, body }: { readonly status: number; readonly body: string }): Refusal {
  if (status === 401 || status === 403 || status === 407) return 'unauthorized';
  if (status === 404) return /Cannot GET/.test(body) ? 'upgrade-eaten' : 'not-found';
  if (status === 426 || status === 400) return 'upgrade-eaten';
  if (status >= 300 && status < 400) return 'redirect';
  if (status >= 200 && status < 300) return 'no-upgrade';
  if (status === 429) return 'limited';
  return status >= 502 && status <= 504 ? 'no-backend' : 'answered';
}
