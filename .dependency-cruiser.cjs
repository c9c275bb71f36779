/**
 * The borders. Folder names are the rule, so a new module is guarded the day it is born:
 * a folder of src/ that is not on the floor is a feature, and features know nothing of each other.
 * test/architecture/borders.spec.ts proves that each rule bites.
 */
const FLOOR = '(?:async|audio-log|collections|config|events|http|livekit|logging|media|metrics|store)';
const FEATURE = `(?!${FLOOR}/)[^/]+`;
const MODULE = '[.]module[.]ts$';
const SPEC = '[.]spec(?:-kit)?[.]ts$';
const PORT = '[.]port[.]ts$';
const EGRESS_PORT = '^src/egress/egress-connections[.]port[.]ts$';
const GLADIA_PROBE = '^src/gladia/.*gladia-probe[.]ts$';
const REPORT_READER = '^src/.*session-report-reader[.]ts$';

const features = [
  {
    name: 'features-know-only-the-floor',
    comment:
      'Features talk through domain events, the ports in media/, and the *.port.ts files that a feature offers; an engine driver also knows transcription/.',
    from: { path: `^src/(${FEATURE})/`, pathNot: [MODULE, '^src/health/', '[.]module[.]spec[.]ts$'] },
    to: { path: `^src/${FEATURE}/`, pathNot: ['^src/$1/', PORT, GLADIA_PROBE, REPORT_READER, '^src/transcription/'] },
  },
  {
    name: 'only-engines-know-transcription',
    comment: 'The speech-to-text port and its service are for engine drivers; transcription/ knows no engine.',
    from: { path: '^src/', pathNot: ['^src/(?:transcription|gladia|extensions)/', MODULE, SPEC] },
    to: { path: '^src/transcription/', pathNot: [PORT, MODULE] },
  },
  {
    name: 'modules-wire-modules',
    comment: 'A module file may import another module file, never what is inside that feature.',
    from: { path: `^src/(${FEATURE})/.*${MODULE}`, pathNot: '^src/health/' },
    to: { path: `^src/${FEATURE}/`, pathNot: ['^src/$1/', MODULE, PORT, '^src/transcription/'] },
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
    name: 'only-the-diagnosis-probes-gladia',
    comment: 'The doctor runs without Nest, and tries Gladia with the client that the service uses.',
    from: { path: '^src/', pathNot: '^src/(?:diagnosis|gladia)/' },
    to: { path: GLADIA_PROBE },
  },
  {
    name: 'reports-are-for-people',
    comment: 'Only the view of a session reads what modules report; whoever decides something reads SessionStates.',
    from: { path: '^src/', pathNot: [SPEC, MODULE, '^src/sessions/session-views?[.]ts$'] },
    to: { path: REPORT_READER },
  },
  {
    name: 'health-sees-only-health',
    comment: 'Health knows the features by their *.health.ts.',
    from: { path: '^src/health/' },
    to: { path: `^src/${FEATURE}/`, pathNot: ['^src/health/', '[.]health[.]ts$', MODULE, PORT] },
  },
];

const ground = [
  {
    name: 'the-floor-carries-no-feature',
    comment:
      'What everybody stands on knows nobody; the HTTP guard asks two ports, which session a path names and who may read it.',
    from: { path: `^src/${FLOOR}/` },
    to: { path: `^src/${FEATURE}/`, pathNot: '^src/sessions/(?:session-directory|reading-rights)[.]port[.]ts$' },
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
    comment: 'It is a package by itself, whose one peer is React.',
    from: { path: '^libs/client/', pathNot: SPEC },
    to: {
      path: ['^libs/', 'node_modules/'],
      pathNot: ['^libs/(?:client|protocol)/', 'node_modules/(?:@types/)?react/'],
    },
  },
  {
    name: 'protocol-imports-only-zod',
    comment: 'The browser uses it as it is.',
    from: { path: '^libs/protocol/', pathNot: SPEC },
    to: { pathNot: ['^libs/', 'node_modules/zod/'] },
  },
  {
    name: 'ws-fast-path-imports-only-ws',
    comment: 'It has no framework, so that it can be used, measured and replaced by itself.',
    from: { path: '^libs/ws-fast-path/', pathNot: SPEC },
    to: { path: 'node_modules/', pathNot: 'node_modules/(?:@types/)?(?:ws|bufferutil)/' },
  },
  {
    name: 'only-the-gateway-uses-ws-fast-path',
    comment: 'How audio is read from its sockets is the business of the audio gateway alone.',
    from: { path: '^src/', pathNot: '^src/audio-gateway/' },
    to: { path: '^libs/ws-fast-path/' },
  },
  {
    name: 'the-service-never-uses-the-sandbox',
    comment: 'The sandbox replaces the outside world, so the service never sees it; its tests do.',
    from: { path: '^src/', pathNot: SPEC },
    to: { path: '^libs/', pathNot: '^libs/(?:audio|protocol|ws-fast-path)/' },
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
    from: { path: '^(?:src|libs/(?:audio|protocol|client|ws-fast-path))/', pathNot: SPEC },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-unlisted-package',
    comment: 'What is imported stands in package.json; the client library has its own.',
    from: { pathNot: '^libs/client/' },
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
    exclude: { path: ['^test/architecture/planted/', '^libs/audio/assembly/', '^libs/client/dist/'] },
  },
};
