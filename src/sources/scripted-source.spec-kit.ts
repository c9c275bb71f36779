import {
  AudioSource,
  type AudioSourceName,
  type AudioSubscription,
  type SubscriptionEndReason,
  type SubscribeOptions,
  type RefusalScope,
  type TrackToTranscribe,
} from '../media/audio-source.js';
import type { EgressSlots, ReleaseSlot } from '../egress/egress-slots.port.js';

/** A carriage that does what a test says. */
export class ScriptedCarriage implements AudioSubscription {
  readonly established: Promise<void>;
  readonly ended: Promise<void>;
  readonly refused: Promise<string>;
  readonly gone: string[] = [];
  closed: SubscriptionEndReason | undefined;
  refusalScope: RefusalScope = 'source';
  /** Whether it has to wait for a slot now. */
  waitsForSlot: boolean | undefined;
  report: Record<string, unknown> | undefined;
  #establish!: () => void;
  #end!: () => void;
  #refuse!: (reason: string) => void;
  readonly #listeners: ((heard: boolean) => void)[] = [];

  constructor(
    /** The SIDs on it, with a comma between. */
    readonly target: string,
    readonly onEnd: () => void,
  ) {
    this.established = new Promise((resolve) => (this.#establish = resolve));
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.refused = new Promise((resolve) => (this.#refuse = resolve));
  }

  onReceiving(listener: (heard: boolean) => void): void {
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
    this.hear(true);
  }

  hear(heard: boolean): void {
    for (const listener of this.#listeners) listener(heard);
  }

  refuse(reason: string, concerns: RefusalScope = 'source'): void {
    this.refusalScope = concerns;
    this.#refuse(reason);
  }
}

/** A source that gives out scripted carriages, each for a slot where it is given slots. */
export class ScriptedSource extends AudioSource {
  readonly carriages: ScriptedCarriage[] = [];

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
    const slot = this.slots?.tryAcquire();
    if (this.slots !== undefined && slot === undefined && whenFull === 'refuse') return undefined;
    let release: ReleaseSlot | undefined = slot;
    const waiting = new AbortController();
    const carriage = new ScriptedCarriage([track, partner].flatMap((each) => each?.trackSid ?? []).join(), () => {
      waiting.abort();
      release?.();
    });
    if (this.slots !== undefined) carriage.waitsForSlot = slot === undefined;
    if (this.slots !== undefined && slot === undefined && whenFull !== 'refuse') {
      void this.slots.acquire(waiting.signal, whenFull).then((granted) => {
        carriage.waitsForSlot = false;
        if (carriage.closed === undefined) release = granted;
        else granted?.();
      });
    }
    this.carriages.push(carriage);
    return carriage;
  }

  /** The last one for these tracks that is not closed. */
  of(target: string): ScriptedCarriage | undefined {
    return this.carriages.filter((carriage) => carriage.target === target && carriage.closed === undefined).at(-1);
  }

  get open(): string[] {
    return this.carriages.filter(({ closed }) => closed === undefined).map(({ target }) => target);
  }
}
