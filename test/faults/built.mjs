/** A module of the build. */
export const built = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
