export * from '../egress/egress-connections.js';
