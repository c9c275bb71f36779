import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ServiceUnderTest } from './service-under-test.js';

interface Rules {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
}

const FOLDER = 'deploy/monitoring';
const alerts = (parse(readFileSync(`${FOLDER}/alerts.yaml`, 'utf8')) as Rules).groups.flatMap(({ rules }) => rules);
const { panels } = JSON.parse(readFileSync(`${FOLDER}/dashboard.json`, 'utf8')) as Dashboard;
const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ name: title, expr })));

/** What a query names of the metrics, without the suffixes that a histogram adds. */
const metricsIn = (query: string): string[] =>
  [...query.matchAll(/\b(?:roomscribe|process|nodejs)_\w+/g)].map(([name]) => name.replace(/_bucket$/, ''));

let world: ServiceUnderTest;
let known: Set<string>;
beforeAll(async () => {
  world = await ServiceUnderTest.start();
  const text = await (await fetch(`${world.url}/metrics`)).text();
  known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!));
});
afterAll(() => world.close());

describe('alerts and dashboard', () => {
  it.each([...alerts.map(({ alert, expr }) => ({ name: alert, expr })), ...queries])(
    '$name asks for metrics that there are: $expr',
    ({ expr }) => {
      const named = metricsIn(expr);
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((name) => !known.has(name))).toEqual([]);
    },
  );
});

it.each(alerts)('says in docs/operations.md what to do for $alert', ({ alert, labels, annotations }) => {
  const page = readFileSync('docs/operations.md', 'utf8');
  expect(page).toMatch(new RegExp(`^### ${alert}$`, 'm'));
  expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
  expect(['warning', 'critical']).toContain(labels.severity);
});
