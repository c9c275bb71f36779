import type { JsonObject } from './recording.js';

const TOKEN = /\?token=[^"\\\s]*/g;

/** What one start call asks for. */
export interface EgressStart {
  readonly address: string;
  /** The tracks of the left and of the right channel; `everybody` for the whole room. */
  readonly channels: readonly [readonly string[], readonly string[]] | 'everybody';
}

interface StartTrackEgress {
  readonly trackId: string;
  readonly websocketUrl: string;
}

interface StartEgress {
  readonly media: { readonly audio: { readonly routes?: readonly { trackId: string; channel?: string }[] } };
  readonly outputs: readonly { readonly stream: { readonly urls: readonly string[] } }[];
}

/** Which addresses the service has given out. They hold secrets, so recordings call them `{address 1}`, and so on. */
export class EgressAddresses {
  readonly #starts: EgressStart[] = [];

  /** @returns the number of the start call */
  add(start: EgressStart): number {
    return this.#starts.push(start);
  }

  get(n: number): EgressStart | undefined {
    return this.#starts[n - 1];
  }

  hide<T>(value: T): T {
    let text = JSON.stringify(value);
    this.#starts.forEach(({ address }, index) => (text = text.replaceAll(address, `{address ${index + 1}}`)));
    return JSON.parse(text) as T;
  }

  reveal<T>(value: T): T {
    let text = JSON.stringify(value);
    this.#starts.forEach(({ address }, index) => (text = text.replaceAll(`{address ${index + 1}}`, address)));
    return JSON.parse(text) as T;
  }
}

export const withoutTokens = <T>(value: T): T => JSON.parse(JSON.stringify(value).replace(TOKEN, '?token=*')) as T;

/** Undefined for a call that starts no egress. */
export function egressStart(call: string, args: JsonObject): EgressStart | undefined {
  if (call === 'StartTrackEgress') {
    const { trackId, websocketUrl } = args as unknown as StartTrackEgress;
    return { address: websocketUrl, channels: [[trackId], [trackId]] };
  }
  if (call !== 'StartEgress') return undefined;
  const { media, outputs } = args as unknown as StartEgress;
  const address = outputs[0]?.stream.urls[0] ?? '';
  const { routes } = media.audio;
  if (routes === undefined) return { address, channels: 'everybody' };
  const isRight = (channel?: string): boolean => channel?.endsWith('RIGHT') ?? false;
  const on = (right: boolean): string[] =>
    routes.filter(({ channel }) => isRight(channel) === right).map(({ trackId }) => trackId);
  return { address, channels: [on(false), on(true)] };
}
