import type { Finding } from '../check.js';
import type { NetworkFault } from '../probes/network-fault.js';

interface Peer {
  /** As in a sentence: `LiveKit`. */
  readonly name: string;
  /** Which variable says where it is. */
  readonly variable: string;
  /** What is particular about a refused connection. */
  readonly whenRefused: string;
}

/** What the network may do on the way to a peer: the same for each, in the words that fit it. */
export function networkFindings({ name, variable, whenRefused }: Peer): Record<NetworkFault, Finding> {
  return {
    dns: {
      state: 'broken',
      meaning: `The host name of ${name} is not known here.`,
      remedy: `Look for a typo in ${variable}, and resolve it on this host or in this container.`,
    },
    'nothing-listens': {
      state: 'broken',
      meaning: `The host of ${name} answers, and nothing listens at that port.`,
      remedy: whenRefused,
    },
    'no-route': {
      state: 'broken',
      meaning: `There is no way through the network to ${name}.`,
      remedy: 'Look at routes, firewall and network policy (egress rules of the namespace) of this host.',
    },
    tls: {
      state: 'broken',
      meaning: `The encrypted connection to ${name} cannot be made: the certificate does not fit, or the port speaks no TLS.`,
      remedy: `Give ${name} a certificate that is valid for the host name in ${variable}; for an authority of your own set NODE_EXTRA_CA_CERTS; where the port speaks no TLS use ws:// or http://.`,
    },
    timeout: {
      state: 'broken',
      meaning: `${name} does not answer in time.`,
      remedy: `A firewall that drops packets looks like this: allow the connection to the host and port in ${variable}; a proxy (HTTPS_PROXY) is not used.`,
    },
    reset: {
      state: 'broken',
      meaning: `The connection to ${name} is broken off before an answer comes.`,
      remedy: `Something in between closes it, or the port speaks another protocol: look at the scheme and port in ${variable}, and at the proxy's log.`,
    },
  };
}
