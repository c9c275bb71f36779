import { describe, expect, it } from '@jest/globals';
import { cruise, type IConfiguration, type ICruiseResult, type IViolation } from 'dependency-cruiser';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
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

async function violationsUnder(baseDir: string): Promise<IViolation[]> {
  const ruleSet = { forbidden: config.forbidden };
  const { output } = await cruise(['src', 'libs'], { ...config.options, baseDir, ruleSet, validate: true });
  return (output as ICruiseResult).summary.violations;
}

describe('the borders', () => {
  it('are kept by the service and its libraries', async () => {
    const violations = await violationsUnder(ROOT);
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  });

  it('have a planted violation for every rule', () => {
    expect(config.forbidden.map(({ name }) => name).sort()).toEqual(RULES);
  });

  it('stop each planted violation, each by the rule that its file is named after, and nothing else', async () => {
    const violations = await violationsUnder(PLANTED);
    expect(violations.map(({ rule }) => rule.name).sort()).toEqual(RULES);
    for (const { rule, from } of violations) expect(basename(from)).toMatch(new RegExp(`^${rule.name}[.-]`));
  });
});
