import {
  AudioSource,
  type AudioSourceName,
  type AudioSubscription,
  type SubscriptionEndReason,
  type SubscribeOptions,
  type RefusalScope,
  type TrackToTranscribe,
} from '../media/audio-source.js';
import type { TrackState } from '../media/track-state.js';
import type { EgressSlots, ReleaseSlot } from '../egress/egress-slots.port.js';

/** A subscription that does what a test says. */
export class ScriptedSubscription implements AudioSubscription {
  readonly established: Promise<void>;
  readonly ended: Promise<void>;
  readonly refused: Promise<string>;
  readonly gone: string[] = [];
  closed: SubscriptionEndReason | undefined;
  refusalScope: RefusalScope = 'source';
  /** Whether it has to wait for a slot now. */
  waitsForSlot: boolean | undefined;
  state: TrackState | undefined;
  #establish!: () => void;
  #end!: () => void;
  #refuse!: (reason: string) => void;
  readonly #listeners: ((receiving: boolean) => void)[] = [];

  constructor(
    /** The SIDs on it, with a comma between. */
    readonly target: string,
    readonly onEnd: () => void,
  ) {
    this.established = new Promise((resolve) => (this.#establish = resolve));
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.refused = new Promise((resolve) => (this.#refuse = resolve));
  }

  onReceiving(listener: (receiving: boolean) => void): void {
    this.#listeners.push(listener);
  }

  dropTrack(trackSid: string): void {
    this.gone.push(trackSid);
  }

  close(why: SubscriptionEndReason): void {
    this.closed ??= why;
    this.#end();
    this.onEnd();
  }

  establish(): void {
    this.#establish();
    this.setReceiving(true);
  }

  setReceiving(receiving: boolean): void {
    for (const listener of this.#listeners) listener(receiving);
  }

  refuse(reason: string, concerns: RefusalScope = 'source'): void {
    this.refusalScope = concerns;
    this.#refuse(reason);
  }
}

/** A source that gives out scripted subscriptions, each for a slot where it is given slots. */
export class ScriptedSource extends AudioSource {
  readonly subscriptions: ScriptedSubscription[] = [];

  constructor(
    override readonly name: AudioSourceName,
    private readonly slots?: EgressSlots,
  ) {
    super();
  }

  override subscribe(
    track: TrackToTranscribe,
    { partner, whenFull = 'refuse' }: SubscribeOptions = {},
  ): AudioSubscription | undefined {
    const slot = this.slots?.tryAcquire(track);
    if (this.slots !== undefined && slot === undefined && whenFull === 'refuse') return undefined;
    let release: ReleaseSlot | undefined = slot;
    const waiting = new AbortController();
    const subscription = new ScriptedSubscription(
      [track, partner].flatMap((each) => each?.trackSid ?? []).join(),
      () => {
        waiting.abort();
        release?.();
      },
    );
    if (this.slots !== undefined) subscription.waitsForSlot = slot === undefined;
    if (this.slots !== undefined && slot === undefined && whenFull !== 'refuse') {
      void this.slots.acquire(track, waiting.signal, whenFull).then((granted) => {
        subscription.waitsForSlot = false;
        if (subscription.closed === undefined) release = granted;
        else granted?.();
      });
    }
    this.subscriptions.push(subscription);
    return subscription;
  }

  /** The last one for these tracks that is not closed. */
  of(target: string): ScriptedSubscription | undefined {
    return this.subscriptions
      .filter((subscription) => subscription.target === target && subscription.closed === undefined)
      .at(-1);
  }

  get open(): string[] {
    return this.subscriptions.filter(({ closed }) => closed === undefined).map(({ target }) => target);
  }
}
