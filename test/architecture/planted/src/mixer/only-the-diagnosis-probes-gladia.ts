export * from '../gladia/gladia-probe.js';
