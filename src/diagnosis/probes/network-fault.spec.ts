import { describe, expect, it } from '@jest/globals';
import { networkFault } from './network-fault.js';

const coded = (code: string): Error => Object.assign(new Error('never shown'), { code });

describe('networkFault', () => {
  it.each([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['ECONNREFUSED', 'nothing-listens'],
    ['EHOSTUNREACH', 'no-route'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['EPROTO', 'tls'],
    ['ECONNRESET', 'reset'],
    ['HPE_INVALID_CONSTANT', 'reset'],
  ])('%s is %s', (code, fault) => {
    expect(networkFault(coded(code))).toEqual({ fault, code });
    expect(networkFault(new TypeError('fetch failed', { cause: coded(code) }))).toEqual({ fault, code });
  });

  it('reads several attempts, deadlines, and what nobody knows', () => {
    const both = new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')]);
    expect(networkFault(both)).toEqual({ fault: 'nothing-listens', code: 'ECONNREFUSED' });
    expect(networkFault(new DOMException('late', 'TimeoutError')).fault).toBe('timeout');
    expect(networkFault('nonsense')).toEqual({ fault: 'reset', code: 'unknown' });
  });
});
