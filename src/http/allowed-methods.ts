import type { Request } from 'express';

/** What Express's router has of each route; its types leave this out. */
interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): unknown;
}

/** The methods that the routes of the request's path take; empty where there is no such path. */
export function allowedMethods({ app, path }: Request): string[] {
  const { stack } = app.router as unknown as { readonly stack: readonly Layer[] };
  const routes = stack.flatMap((layer) => (layer.route !== undefined && layer.match(path) ? [layer.route] : []));
  const methods = new Set(routes.flatMap((route) => Object.keys(route.methods)).map((method) => method.toUpperCase()));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}
