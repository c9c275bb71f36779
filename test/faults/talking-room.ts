import { setTimeout as sleep } from 'node:timers/promises';
import { decode } from '../../libs/protocol/codec.js';
import type { Message } from '../../libs/protocol/message.js';
import type { TimedWord, Speech, SpokenWord } from '../word-accounting/words.js';
import type { LiveKitSandbox } from '../../libs/sandbox/livekit/livekit-sandbox.js';
import type { SandboxParticipant } from '../../libs/sandbox/livekit/sandbox-participant.js';
import type { SandboxRoom } from '../../libs/sandbox/livekit/sandbox-room.js';
import type { SandboxTrack } from '../../libs/sandbox/livekit/sandbox-track.js';
import { waitUntil } from './polling.js';
import { script, voiceOf, type Line } from './script.js';

/** A message that came over the data channel, and when. */
export interface Received {
  readonly atMs: number;
  readonly message: Message;
}

/** While nothing can be heard of somebody; wall time in milliseconds. */
interface Silence {
  readonly fromMs: number;
  toMs: number;
}

interface Person {
  readonly identity: string;
  readonly participant: SandboxParticipant;
  readonly lines: Iterator<Line, never>;
  readonly silences: Silence[];
  track: SandboxTrack;
}

const BETWEEN_TURNS_MS = 500;
/** The fake Gladia recognises sentences by stretches of them: so much at a cut is not recognised, as it might be by others. */
const CUT_MS = 1_000;
/** Nor are words as short as this, when the machine is busy. */
const SHORT_MS = 150;

/** A room in which people take turns talking, and a listener writes down what arrives. */
export class TalkingRoom {
  /** What was said; wall time in milliseconds. */
  readonly said: Speech[] = [];
  readonly received: Received[] = [];
  /** The number of the person whose turn it is. */
  speaking = 0;
  readonly #room: SandboxRoom;
  readonly #listener: SandboxParticipant;
  readonly #people: Person[] = [];
  /** Newcomers who wait for their first turn. */
  readonly #arriving: (() => void)[] = [];
  #stopped = false;
  #talking: Promise<void> = Promise.resolve();

  constructor(
    livekit: LiveKitSandbox,
    readonly name: string,
    people: number,
  ) {
    this.#room = livekit.room(name);
    this.#listener = this.#room.join({ identity: `${name}-listener`, name: 'Listener' });
    this.#listener.onData(({ payload }) => {
      this.received.push({ atMs: Date.now(), message: decode(payload) });
    });
    for (let number = 0; number < people; number++) this.#join(number, script(number));
  }

  /** How many people talk. */
  get people(): number {
    return this.#people.length;
  }

  get trackSids(): string[] {
    return this.#people.map(({ track }) => track.sid);
  }

  /** Talks until `stop()`. */
  start(): void {
    this.#talking = this.#talk();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#talking;
  }

  /** Somebody new joins, and talks from the first moment of the track. Resolves when the line has been said. */
  arrive(): Promise<void> {
    return new Promise((resolve) => this.#arriving.push(resolve));
  }

  /** The person's track is replaced by a new one. */
  republish(number: number): void {
    const person = this.#person(number);
    person.track.unpublish();
    endSilence(person);
    person.track = person.participant.publish();
  }

  /** The person leaves and comes back under the same identity. */
  rejoin(number: number): void {
    const { participant, lines } = this.#person(number);
    participant.leave();
    this.#join(number, lines);
  }

  /** The person talks on while muted. */
  async mute(number: number, ms: number): Promise<void> {
    const person = this.#person(number);
    const { track, silences } = person;
    if (track.muted) return;
    silences.push({ fromMs: Date.now(), toMs: Infinity });
    track.mute();
    await sleep(ms);
    track.unmute();
    if (person.track === track) endSilence(person);
  }

  /** Resolves when the room has received the end of the session, or after `withinMs`. */
  async ended(withinMs: number): Promise<void> {
    const isEnd = ({ message }: Received): boolean => message.type === 'status' && message.status === 'ended';
    await waitUntil(() => this.received.some(isEnd), withinMs);
  }

  leave(): void {
    for (const { participant } of this.#people) participant.leave();
    this.#listener.leave();
  }

  #join(number: number, lines: Iterator<Line, never>): void {
    const voice = voiceOf(number);
    const identity = `${this.name}-${voice}-${number}`;
    const participant = this.#room.join({ identity, name: `${voice} ${number}` });
    this.#people[number] = { identity, participant, track: participant.publish(), lines, silences: [] };
  }

  #person(number: number): Person {
    const person = this.#people[number];
    if (person === undefined) throw new RangeError(`there is no person ${number}`);
    return person;
  }

  async #talk(): Promise<void> {
    // Who was cut short speaks again, so that what happens to the new track shows.
    for (let turn = 0; !this.#stopped;) {
      const arrived = this.#arriving.shift();
      if (arrived !== undefined) {
        const number = this.people;
        this.#join(number, script(number));
        await this.#speak(this.#person(number));
        arrived();
        await sleep(BETWEEN_TURNS_MS);
        continue;
      }
      this.speaking = turn % this.#people.length;
      const isWhole = await this.#speak(this.#person(this.speaking));
      if (isWhole) turn++;
      await sleep(BETWEEN_TURNS_MS);
    }
  }

  /** Says one line. Resolves with whether the track was there until its end. */
  async #speak({ identity, track, lines, silences }: Person): Promise<boolean> {
    const line = lines.next().value;
    const startMs = Date.now();
    await track.say(line);
    const endMs = Date.now();
    const cutOff = track.published ? [] : [{ fromMs: endMs, toMs: Infinity }];
    const own = [...silences, ...cutOff].filter(({ fromMs, toMs }) => fromMs <= endMs && toMs >= startMs);
    const words = line.words.map((word) => moved(word, startMs));
    this.said.push({ identity, words: words.flatMap((word) => audible(word, own)) });
    return track.published;
  }
}

function endSilence({ silences }: Person): void {
  const last = silences.at(-1);
  if (last?.toMs === Infinity) last.toMs = Date.now();
}

const moved = ({ text, startMs, endMs }: TimedWord, byMs: number): TimedWord => ({
  text,
  startMs: startMs + byMs,
  endMs: endMs + byMs,
});

/** A word within a silence is left out; one beside it may be recognised or not. */
function audible(word: TimedWord, silences: readonly Silence[]): SpokenWord[] {
  if (silences.some(({ fromMs, toMs }) => word.startMs >= fromMs && word.endMs <= toMs)) return [];
  const isAtCut = silences.some(({ fromMs, toMs }) => word.endMs > fromMs - CUT_MS && word.startMs < toMs + CUT_MS);
  return [{ ...word, isUnsure: isAtCut || word.endMs - word.startMs < SHORT_MS }];
}
