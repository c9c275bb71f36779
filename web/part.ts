/**
 * A part of the page by its id.
 * @throws Error where index.html has none such
 */
export function part(id: string): HTMLElement {
  return partAs(id, HTMLElement);
}

/**
 * A part of the page by its id, as an element of this kind.
 * @throws Error where index.html has none such
 */
export function partAs<T extends HTMLElement>(id: string, kind: abstract new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`index.html has no #${id} that is a ${kind.name}`);
  return element;
}

/** An element with these properties; text is set as text, never parsed as HTML. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(tag), properties);
}
