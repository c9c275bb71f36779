import type { Insight } from './speech-to-text.js';

/** Of each kind; more than a long session has. */
const MAX_INSIGHTS = 2_000;

type Kept<K extends Insight['kind']> = Omit<Extract<Insight, { kind: K }>, 'kind'>;

/** The insights of one session: shown by the API, never sent to the room. */
export class SessionInsights {
  readonly #entities: Kept<'entity'>[] = [];
  readonly #sentiments: Kept<'sentiment'>[] = [];
  readonly #summaries: string[] = [];

  add(insight: Insight): void {
    if (insight.kind === 'summary') {
      this.#summaries.push(insight.text);
      return;
    }
    const { kind, ...kept } = insight;
    const list: object[] = kind === 'entity' ? this.#entities : this.#sentiments;
    if (list.length < MAX_INSIGHTS) list.push(kept);
  }

  clear(): void {
    for (const list of [this.#entities, this.#sentiments, this.#summaries]) list.splice(0);
  }

  /** Undefined where there is nothing. The summaries of several sessions at the engine are joined. */
  get view(): Readonly<Record<string, unknown>> | undefined {
    const view = {
      ...(this.#entities.length > 0 && { entities: [...this.#entities] }),
      ...(this.#sentiments.length > 0 && { sentiments: [...this.#sentiments] }),
      ...(this.#summaries.length > 0 && { summary: this.#summaries.join('\n\n') }),
    };
    return Object.keys(view).length > 0 ? view : undefined;
  }
}
