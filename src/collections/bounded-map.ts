/** A map of at most `maxEntries`: beyond that, the entry that was added first is deleted. */
export class BoundedMap<K, V> extends Map<K, V> {
  constructor(private readonly maxEntries: number) {
    super();
  }

  override set(key: K, value: V): this {
    super.set(key, value);
    const [oldest] = this.keys();
    if (this.size > this.maxEntries && oldest !== undefined) this.delete(oldest);
    return this;
  }
}
