/**
 * The borders. Folder names are the rule, so a new module is guarded the day it is born:
 * a folder of src/ that is not on the floor is a feature, and features know nothing of each other.
 * test/architecture/borders.spec.ts proves that each rule bites.
 */
const FLOOR = '(?:config|events|livekit|logging|media|metrics|records|store|waiting)';
const FEATURE = `(?!${FLOOR}/)[^/]+`;
const MODULE = '[.]module[.]ts$';
const SPEC = '[.]spec(?:-kit)?[.]ts$';
const EGRESS_PORT = '^src/egress/egress-connections[.]ts$';

const features = [
  {
    name: 'features-know-only-the-floor',
    comment: 'Features speak through facts on the bus and the ports in media/; only wiring imports another feature.',
    from: { path: `^src/(${FEATURE})/`, pathNot: [MODULE, '^src/health/'] },
    to: { path: `^src/${FEATURE}/`, pathNot: ['^src/$1/', EGRESS_PORT] },
  },
  {
    name: 'modules-wire-modules',
    comment: 'A module file may import another module file, never what is inside that feature.',
    from: { path: `^src/(${FEATURE})/.*${MODULE}`, pathNot: '^src/health/' },
    to: { path: `^src/${FEATURE}/`, pathNot: ['^src/$1/', MODULE] },
  },
  {
    name: 'only-wiring-imports-wiring',
    comment: 'What is inside a feature does not know how it is put together.',
    from: { path: '^src/([^/]+)/', pathNot: [MODULE, SPEC] },
    to: { path: [`^src/$1/.*${MODULE}`, `^src/${FLOOR}/.*${MODULE}`] },
  },
  {
    name: 'only-the-gateway-asks-egress',
    comment: 'Whether a connection is expected is asked by the audio gateway alone.',
    from: { path: '^src/', pathNot: '^src/(?:audio-gateway|egress)/' },
    to: { path: EGRESS_PORT },
  },
  {
    name: 'health-sees-only-health',
    comment: 'Health knows the features by their *.health.ts.',
    from: { path: '^src/health/' },
    to: { path: `^src/${FEATURE}/`, pathNot: ['^src/health/', '[.]health[.]ts$', MODULE] },
  },
];

const ground = [
  {
    name: 'the-floor-carries-no-feature',
    comment: 'What everybody stands on knows nobody.',
    from: { path: `^src/${FLOOR}/` },
    to: { path: `^src/${FEATURE}/` },
  },
  {
    name: 'media-imports-only-media',
    comment: 'The ports that samples pass have no framework and no I/O.',
    from: { path: '^src/media/', pathNot: SPEC },
    to: { pathNot: '^src/media/' },
  },
  {
    name: 'the-root-imports-only-modules',
    comment:
      'main.ts and app.module.ts are the map; adapters are what Nest takes before it starts, commands what is run beside it.',
    from: { path: '^src/[^/]+$', pathNot: SPEC },
    to: { path: `^src/${FEATURE}/`, pathNot: [MODULE, '[.](?:adapter|command)[.]ts$'] },
  },
  {
    name: 'nobody-imports-the-root',
    comment: 'main.ts and app.module.ts are where imports end.',
    from: { path: '^(?:src/[^/]+|libs)/' },
    to: { path: '^src/[^/]+$' },
  },
];

const libs = [
  {
    name: 'libs-are-leaves',
    comment: 'Libraries know nothing of the service.',
    from: { path: '^libs/' },
    to: { path: '^src/[^/]+/' },
  },
  {
    name: 'libs-stand-alone',
    comment: 'A library imports no other library; only the sandbox and the browser client may.',
    from: { path: '^libs/([^/]+)/', pathNot: '^libs/(?:sandbox|client)/' },
    to: { path: '^libs/', pathNot: '^libs/$1/' },
  },
  {
    name: 'the-sandbox-uses-audio-and-protocol',
    from: { path: '^libs/sandbox/' },
    to: { path: '^libs/', pathNot: '^libs/(?:sandbox|audio|protocol|testing)/' },
  },
  {
    name: 'the-client-uses-protocol',
    from: { path: '^libs/client/' },
    to: { path: '^libs/', pathNot: '^libs/(?:client|protocol)/' },
  },
  {
    name: 'protocol-imports-only-zod',
    comment: 'The browser uses it as it is.',
    from: { path: '^libs/protocol/', pathNot: SPEC },
    to: { pathNot: ['^libs/', 'node_modules/zod/'] },
  },
  {
    name: 'the-service-uses-audio-and-protocol',
    comment: 'The sandbox stands in for the outside, so the service never sees it; its tests do.',
    from: { path: '^src/', pathNot: SPEC },
    to: { path: '^libs/', pathNot: '^libs/(?:audio|protocol)/' },
  },
];

const everywhere = [
  {
    name: 'no-test-in-what-ships',
    from: { path: '^(?:src|libs)/', pathNot: SPEC },
    to: { path: ['^test/', SPEC] },
  },
  {
    name: 'no-dev-package-in-what-ships',
    comment: 'Types vanish at build time, so `import type` is free.',
    from: { path: '^(?:src|libs/(?:audio|protocol|client))/', pathNot: SPEC },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-unlisted-package',
    comment: 'What is imported stands in package.json.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  { name: 'no-unresolvable', from: {}, to: { couldNotResolve: true } },
  {
    name: 'no-circular',
    comment: 'Type imports count: a cycle of types is one thought in two files.',
    from: {},
    to: { circular: true },
  },
  { name: 'no-orphans', from: { path: '^(?:src|libs)/', pathNot: '[.]d[.]ts$', orphan: true }, to: {} },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...features, ...ground, ...libs, ...everywhere].map((rule) => ({ severity: 'error', ...rule })),
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^test/architecture/planted/', '^libs/audio/assembly/'] },
  },
};
