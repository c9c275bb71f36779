export type { EgressConnections } from '../egress/egress-connections.port.js';
