const KEPT_LENGTHS = 1024;

/** Views on the beginning of one array. Each usual length gets its view once, since making a view allocates. */
export class SampleViews {
  readonly #views: (Int16Array | undefined)[] = new Array<undefined>(KEPT_LENGTHS).fill(undefined);

  constructor(readonly all: Int16Array) {}

  first(samples: number): Int16Array {
    if (samples >= KEPT_LENGTHS) return this.all.subarray(0, samples);
    return (this.#views[samples] ??= this.all.subarray(0, samples));
  }
}
