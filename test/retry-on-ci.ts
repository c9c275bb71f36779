import { jest } from '@jest/globals';

// Much of this product is real time, and CI's machines are shared: a test that fails there is tried once more, and its
// first failure is printed. Elsewhere nothing is tried twice.
if (process.env['CI'] === 'true') jest.retryTimes(1, { logErrorsBeforeRetry: true });
