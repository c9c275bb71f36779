export * from '../egress/egress-connections.port.js';
