import { describe, expect, it } from '@jest/globals';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

const PLANTED = join(import.meta.dirname, 'planted');

const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as Required<IConfiguration>;

/** Written out, so that a rule that goes missing is missed. */
const RULES = [
  'features-know-only-the-floor',
  'health-sees-only-health',
  'libs-are-leaves',
  'libs-stand-alone',
  'media-imports-only-media',
  'modules-wire-modules',
  'no-circular',
  'no-dev-package-in-what-ships',
  'no-orphans',
  'no-test-in-what-ships',
  'no-unlisted-package',
  'no-unresolvable',
  'nobody-imports-the-root',
  'only-engines-know-transcription',
  'only-the-diagnosis-probes-gladia',
  'only-the-gateway-asks-egress',
  'only-the-gateway-uses-ws-fast-path',
  'only-wiring-imports-wiring',
  'protocol-imports-only-zod',
  'reports-are-for-people',
  'the-client-uses-protocol',
  'the-floor-carries-no-feature',
  'the-root-imports-only-modules',
  'the-sandbox-uses-audio-and-protocol',
  'the-service-never-uses-the-sandbox',
  'ws-fast-path-imports-only-ws',
];

/** That the service and its libraries keep the rules is checked by `npm run borders`. */
describe('the borders', () => {
  it('have a planted violation for every rule', () => {
    expect(config.forbidden.map(({ name }) => name).sort()).toEqual(RULES);
  });

  it('stop each planted violation, each by the rule that its file is named after, and nothing else', async () => {
    const ruleSet = { forbidden: config.forbidden };
    const options = { ...config.options, baseDir: PLANTED, ruleSet, validate: true };
    const { violations } = ((await cruise(['src', 'libs'], options)).output as ICruiseResult).summary;
    expect(violations.map(({ rule }) => rule.name).sort()).toEqual(RULES);
    for (const { rule, from } of violations) expect(basename(from)).toMatch(new RegExp(`^${rule.name}[.-]`));
  });
});
