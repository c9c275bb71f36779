import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { environmentSchema, SECRET_SETTINGS } from '../../src/config/config-schema.js';
import { parseConfig } from '../../src/config/parse-config.js';
import { itNeeds, runTool } from './deploy-tools.js';

/** Helm as `go install` builds it takes itself for an old Kubernetes. */
const KUBERNETES = '1.34.0';
const OPTIONAL_PARTS = ['ingress', 'networkPolicy', 'serviceMonitor', 'prometheusRule', 'dashboard'];
/** Of the Prometheus operator, whose schemas are not Kubernetes' own. */
const OPERATOR = 'monitoring.coreos.com/v1';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, any>>; // eslint-disable-line @typescript-eslint/no-explicit-any -- read in expect()
}

const folder = mkdtempSync(join(tmpdir(), 'roomscribe-deploy-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

function render(values: object): Manifest[] {
  const given = file('values.yaml', JSON.stringify(values));
  const args = ['template', 'roomscribe', 'deploy/helm', '--namespace', 'captions', '--kube-version', KUBERNETES];
  const text = runTool('helm', [...args, '--values', given]);
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
}

const all = Object.fromEntries(OPTIONAL_PARTS.map((part) => [part, { enabled: true }]));
const secrets = { LIVEKIT_API_KEY: 'key', LIVEKIT_API_SECRET: 'secret', GLADIA_API_KEY: 'gladia' };
const config = { NEXT_PUBLIC_LIVEKIT_URL: 'wss://livekit.example.org' };
const only = (manifests: readonly Manifest[], kind: string, name = 'roomscribe'): Manifest => {
  const found = manifests.filter((each) => each.kind === kind && each.metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0]!;
};

describe('deploy/helm', () => {
  itNeeds(['helm'], 'is in order', () => {
    runTool('helm', ['lint', '--strict', 'deploy/helm', '--set', 'existingSecret=roomscribe']);
  });

  itNeeds(['helm', 'kubernetes-validate'], 'makes what Kubernetes takes', () => {
    const variants = [
      { existingSecret: 'roomscribe', ...all },
      { secrets, persistence: { enabled: false }, podDisruptionBudget: { enabled: false } },
      {
        existingSecret: 'roomscribe',
        config: { REPLICAS: 'on' },
        autoscaling: { enabled: true },
        strategy: 'RollingUpdate',
      },
    ];
    for (const [index, values] of variants.entries()) {
      const manifests = render(values).filter(({ apiVersion }) => apiVersion !== OPERATOR);
      const given = file(`manifests-${index}.yaml`, manifests.map((each) => JSON.stringify(each)).join('\n---\n'));
      const report = runTool('kubernetes-validate', ['--strict', given]);
      expect(report.match(/ passed for resource /g)).toHaveLength(manifests.length);
    }
  });

  itNeeds(['helm'], 'hands every setting to the service', () => {
    const example = Object.fromEntries(Object.keys(environmentSchema.shape).map((name) => [name, `value of ${name}`]));
    const isSecret = (name: string): boolean => (SECRET_SETTINGS as readonly string[]).includes(name);
    const split = (secret: boolean): Record<string, string> =>
      Object.fromEntries(Object.entries(example).filter(([name]) => isSecret(name) === secret && name !== 'PORT'));
    const manifests = render({ config: { ...split(false), SHUTDOWN_GRACE_S: 100, PORT: 4000 }, secrets: split(true) });
    const { data } = only(manifests, 'ConfigMap');
    const { stringData } = only(manifests, 'Secret');
    expect({ ...data, ...stringData }).toEqual({ ...example, SHUTDOWN_GRACE_S: '100', PORT: '4000' });
    const pod = only(manifests, 'Deployment').spec['template'].spec;
    expect(pod.containers[0].envFrom).toEqual([
      { configMapRef: { name: 'roomscribe' } },
      { secretRef: { name: 'roomscribe' } },
    ]);
    expect(pod.containers[0].ports).toEqual([{ name: 'http', containerPort: 4000 }]);
    expect(pod.terminationGracePeriodSeconds).toBe(5 + 100 + 15);
  });

  itNeeds(['helm'], 'makes a configuration that the service accepts', () => {
    const manifests = render({ config, secrets });
    const environment = { ...only(manifests, 'ConfigMap').data, ...only(manifests, 'Secret').stringData };
    const { egress, http } = parseConfig(environment);
    expect(egress.websocketBaseUrl).toBe('ws://roomscribe-egress.captions.svc:3001/egress/audio');
    expect(only(manifests, 'Service', 'roomscribe-egress').spec).toMatchObject({
      publishNotReadyAddresses: true,
      ports: [{ port: http.port, targetPort: 'http' }],
    });
  });

  itNeeds(['helm'], 'keeps large and small numbers as they are', () => {
    const numbers = { LIVEKIT_API_PER_MINUTE: 10_000_000, OVERLOAD_LOOP_PERCENT: 12.5, GLADIA_NAMED_ENTITIES: false };
    expect(only(render({ config: numbers, secrets }), 'ConfigMap').data).toMatchObject({
      LIVEKIT_API_PER_MINUTE: '10000000',
      OVERLOAD_LOOP_PERCENT: '12.5',
      GLADIA_NAMED_ENTITIES: 'false',
    });
  });

  itNeeds(['helm'], 'drops every privilege, and asks the two probes', () => {
    const pod = only(render({ existingSecret: 'mine' }), 'Deployment').spec['template'].spec;
    expect(pod).toMatchObject({ automountServiceAccountToken: false, terminationGracePeriodSeconds: 45 });
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(pod.containers[0]).toMatchObject({
      envFrom: [{ configMapRef: {} }, { secretRef: { name: 'mine' } }],
      livenessProbe: { httpGet: { path: '/health/live' } },
      readinessProbe: { httpGet: { path: '/health/ready' } },
      securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
    });
  });

  itNeeds(['helm'], 'lets Egress in by the Service that leads to a process that is not ready', () => {
    interface Path {
      readonly path: string;
      readonly backend: { readonly service: { readonly name: string } };
    }
    const [rule] = only(render({ existingSecret: 'mine', ...all }), 'Ingress').spec['rules'];
    const backends = (rule.http.paths as Path[]).map(({ path, backend }) => [path, backend.service.name]);
    expect(backends).toEqual([
      ['/sessions', 'roomscribe'],
      ['/rooms', 'roomscribe'],
      ['/livekit/webhook', 'roomscribe'],
      ['/egress/audio', 'roomscribe-egress'],
    ]);
  });

  itNeeds(['helm'], 'carries the alerts and the dashboard', () => {
    const manifests = render({ existingSecret: 'mine', ...all });
    expect(only(manifests, 'PrometheusRule').spec).toEqual(
      parse(readFileSync('deploy/monitoring/alerts.yaml', 'utf8')),
    );
    const dashboard = only(manifests, 'ConfigMap', 'roomscribe-dashboard').data?.['roomscribe.json'] ?? '';
    expect(JSON.parse(dashboard)).toEqual(JSON.parse(readFileSync('deploy/monitoring/dashboard.json', 'utf8')));
  });

  itNeeds(['helm'], 'refuses what would not run, with what to do', () => {
    expect(() => render({})).toThrow(/name a Secret with LIVEKIT_API_KEY/);
    expect(() => render({ existingSecret: 'mine', replicas: 2 })).toThrow(
      /more than one replica needs config.REPLICAS=on/,
    );
  });
});

describe('deploy/compose', () => {
  const environment: Record<string, string> = { ...secrets, POSTGRES_PASSWORD: 'password' };
  for (const [, name, value] of readFileSync('deploy/compose/.env.example', 'utf8').matchAll(/^([A-Z_]+)=(.*)$/gm)) {
    environment[name!] ??= value!;
  }
  const text = readFileSync('deploy/compose/compose.yaml', 'utf8').replaceAll(
    /\$\{([A-Z_]+)(?::[-?]([^}]*))?\}/g,
    (_, name: string, fallback = '') => environment[name] ?? String(fallback),
  );

  itNeeds(['python'], 'is a compose file', () => {
    const program =
      'import sys, compose_spec; print(compose_spec.PyCompose.from_yaml(sys.stdin.read()).service_names())';
    expect(runTool('python', ['-c', program], text)).toContain('roomscribe');
  });

  it('gives the service a configuration that it accepts, and asks for every variable that it uses', () => {
    const { services } = parse(text) as { services: Record<string, { environment?: Record<string, unknown> }> };
    const given = services['roomscribe']?.environment ?? {};
    expect(Object.keys(given).filter((name) => !(name in environmentSchema.shape))).toEqual([]);
    expect(parseConfig(given).egress.maxConcurrent).toBe(10);
    const used = [...readFileSync('deploy/compose/compose.yaml', 'utf8').matchAll(/\$\{([A-Z_]+)/g)].map(
      ([, name]) => name!,
    );
    expect([...new Set(used)].filter((name) => !(name in environment))).toEqual(['ROOMSCRIBE_IMAGE']);
  });

  it('lets in the caption page, and what front ends ask the service for', () => {
    const [, paths = ''] = /@public path (.*)/.exec(readFileSync('deploy/compose/Caddyfile', 'utf8')) ?? [];
    const files = paths.split(' ').filter((path) => path.includes('.'));
    const used = [...readFileSync('web/index.html', 'utf8').matchAll(/(?:src|href)="([\w-]+\.\w+)"/g)];
    expect(files.sort()).toEqual(used.map(([, name]) => `/${name}`).sort());
    expect(paths.split(' ')).toEqual(expect.arrayContaining(['/', '/sessions', '/sessions/*', '/rooms/*']));
  });

  it('sets Egress to answer in 0.3 s', () => {
    const { configs } = parse(text) as { configs: Record<string, { content: string }> };
    const tuned = { jitter_buffer_latency: '80ms', audio_mixer_latency: '120ms', pipeline_latency: '200ms' };
    expect(parse(configs['egress']!.content)).toMatchObject({ latency_overrides: { track: tuned, media: tuned } });
    expect(parse(configs['livekit']!.content)).toMatchObject({ webhook: { api_key: secrets.LIVEKIT_API_KEY } });
  });
});

describe('deploy/systemd', () => {
  itNeeds(['systemd-analyze'], 'is a unit, and gives the service no privilege', () => {
    const unit = 'deploy/systemd/roomscribe.service';
    // Node is elsewhere on some machines, and its place is the one thing that is not the unit's.
    const given = file('roomscribe.service', readFileSync(unit, 'utf8').replace('/usr/bin/node', process.execPath));
    runTool('systemd-analyze', ['verify', given]);
    runTool('systemd-analyze', ['security', '--offline=true', '--threshold=25', given]);
  });
});

describe('Dockerfile', () => {
  itNeeds(['hadolint'], 'is in order', () => {
    runTool('hadolint', ['Dockerfile']);
  });
});
