export * from '../../test/contract.js';
