const KEPT_LENGTHS = 1024;

/** Views on the beginning of one array, made once for each usual length: a view is an allocation, too. */
export class SampleViews {
  readonly #views: (Int16Array | undefined)[] = new Array<undefined>(KEPT_LENGTHS).fill(undefined);

  constructor(readonly all: Int16Array) {}

  first(samples: number): Int16Array {
    if (samples >= KEPT_LENGTHS) return this.all.subarray(0, samples);
    return (this.#views[samples] ??= this.all.subarray(0, samples));
  }
}
