export * from '../../libs/sandbox/fake-egress.js';
