// Puts the built service into one file, since a start that reads two thousand takes three times as long, and words are
// lost while it lasts. `dist/main.js` starts it; `dist/src/main.js` is the same service, unbundled. `dist/doctor.js` is
// the doctor, made in the same way.
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from 'esbuild';

const DIST = join(import.meta.dirname, '..', 'dist');

/** Native code, files beside the code, or not needed at every start. */
const LEFT_OUTSIDE = ['@livekit/rtc-node', 'bufferutil', 'libsql', 'opusscript', 'pg'];

/** Packages that others can do without, and that are not installed. */
const optionalPackages = {
  name: 'optional-packages',
  setup(bundle) {
    bundle.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...rest }) => {
      if (pluginData === 'asked' || path.startsWith('node:')) return undefined;
      const { importer, kind, resolveDir } = rest;
      const { errors } = await bundle.resolve(path, { importer, kind, resolveDir, pluginData: 'asked' });
      return errors.length > 0 ? { path, external: true } : undefined;
    });
  },
};

/** Files that are found beside a module are still beside it. */
const ownPlaces = {
  name: 'own-places',
  setup(bundle) {
    bundle.onLoad({ filter: /dist[\\/](src|libs)[\\/].*\.js$/ }, async ({ path }) => {
      const place = `new URL(${JSON.stringify(`./${relative(DIST, path)}`)}, import.meta.url).href`;
      const contents = (await readFile(path, 'utf8')).replaceAll('import.meta.url', place);
      return { contents, loader: 'js' };
    });
  },
};

const bundle = (entry, outfile) =>
  build({
    entryPoints: [join(DIST, 'src', entry)],
    outfile: join(DIST, outfile),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    keepNames: true,
    minifyWhitespace: true,
    sourcemap: true,
    sourcesContent: false,
    external: LEFT_OUTSIDE,
    plugins: [optionalPackages, ownPlaces],
    banner: { js: "import{createRequire as $r}from'node:module';const require=$r(import.meta.url);" },
    logLevel: 'error',
  });

await bundle('main.js', 'service.js');
await bundle('doctor.js', 'doctor.js');

await writeFile(
  join(DIST, 'main.js'),
  `import module from 'node:module';

// Where Node can (22.1 on), the second start need not compile what the first did.
module.enableCompileCache?.();
await import('./service.js');
`,
);
