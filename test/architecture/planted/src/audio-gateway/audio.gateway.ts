export type { EgressConnections } from '../egress/egress-connections.js';
