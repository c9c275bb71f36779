import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a spec-kit imports of the product is the build's; other spec-kits come with it. */
const productFromBuild = {
  name: 'product-from-build',
  setup({ onResolve }) {
    onResolve({ filter: /^\..*\.js$/ }, ({ path, resolveDir }) => {
      if (path.endsWith('.spec-kit.js')) return undefined;
      const module = relative(ROOT, resolve(resolveDir, path));
      return { path: new URL(`../../dist/${module}`, import.meta.url).href, external: true };
    });
  },
};

/** A module of the specs' helpers, which are no part of the build. */
export async function specKit(path) {
  const { outputFiles } = await build({
    entryPoints: [resolve(ROOT, path)],
    ...{ bundle: true, write: false, platform: 'node', format: 'esm', target: 'node20' },
    plugins: [productFromBuild],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
