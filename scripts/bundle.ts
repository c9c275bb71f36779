// Bundles the built service into one file: loading two thousand files makes the start three times as long, and words are
// lost while it lasts. `dist/main.js` starts the bundle; `dist/src/main.js` is the same service, unbundled.
// `dist/doctor.js` is the doctor, bundled in the same way.
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';

const DIST = join(import.meta.dirname, '..', 'dist');

/** Native code, packages that read files beside their code, and packages that not every start needs. */
const EXTERNAL = ['@livekit/rtc-node', 'bufferutil', 'libsql', 'opusscript', 'pg'];

/** Leaves out optional peer packages that are not installed. */
const optionalPackages: Plugin = {
  name: 'optional-packages',
  setup(bundle) {
    bundle.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, importer, kind, resolveDir }) => {
      if (pluginData === 'resolving' || path.startsWith('node:')) return undefined;
      const { errors } = await bundle.resolve(path, { importer, kind, resolveDir, pluginData: 'resolving' });
      return errors.length > 0 ? { path, external: true } : undefined;
    });
  },
};

/** Keeps `import.meta.url` of each module, so that a module still finds the files beside it. */
const moduleUrls: Plugin = {
  name: 'module-urls',
  setup(bundle) {
    bundle.onLoad({ filter: /dist[\\/](src|libs)[\\/].*\.js$/ }, async ({ path }) => {
      const url = `new URL(${JSON.stringify(`./${relative(DIST, path)}`)}, import.meta.url).href`;
      const contents = (await readFile(path, 'utf8')).replaceAll('import.meta.url', url);
      return { contents, loader: 'js' };
    });
  },
};

async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
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
    external: EXTERNAL,
    plugins: [optionalPackages, moduleUrls],
    banner: { js: "import{createRequire as $r}from'node:module';const require=$r(import.meta.url);" },
    logLevel: 'error',
  });
}

await bundle('main.js', 'service.js');
await bundle('doctor.js', 'doctor.js');

await writeFile(
  join(DIST, 'main.js'),
  `import module from 'node:module';

// From Node 22.1 on, the second start need not compile again.
module.enableCompileCache?.();
await import('./service.js');
`,
);
