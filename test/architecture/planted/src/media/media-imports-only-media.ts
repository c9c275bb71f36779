export * from '../events/fact.js';
