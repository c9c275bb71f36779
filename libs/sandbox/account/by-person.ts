/** The same things, each person's apart. */
export function byPerson<T extends { readonly identity: string }>(things: readonly T[]): Map<string, T[]> {
  const people = new Map<string, T[]>();
  for (const thing of things) people.set(thing.identity, [...(people.get(thing.identity) ?? []), thing]);
  return people;
}
