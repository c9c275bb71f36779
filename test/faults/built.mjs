/** A module of the build: the service's are in `dist/`, the sandbox's and the measuring tools in `dist-sandbox/`. */
export const built = (path) => {
  const folder = /^(?:libs\/sandbox|test)\//.test(path) ? 'dist-sandbox' : 'dist';
  return import(new URL(`../../${folder}/${path}`, import.meta.url).href);
};
