import { built } from './built.mjs';
import { pause, untilFound } from './pause.mjs';
import { script, voiceOf } from './script.mjs';

const { decode } = await built('libs/protocol/codec.js');

const BETWEEN_TURNS_MS = 500;
/** The stand-in knows sentences by stretches of them: so much at a cut is not understood, as it might be by others. */
const CUT_MS = 1_000;
/** Nor are words as short as this, when the machine is busy. */
const SHORT_MS = 150;

/** A room in which people take turns talking, and somebody who only listens writes down what arrives. */
export class TalkingRoom {
  /** What was said: `{ identity, words: [{ text, startMs, endMs, isUnsure }] }`, wall time in milliseconds. */
  said = [];
  /** What came over the data channel: `{ atMs, message }`. */
  received = [];
  /** Who has the word. */
  speaking = 0;
  #people = [];
  #stopped = false;
  #talking;

  constructor(livekit, name, people) {
    this.name = name;
    this.room = livekit.room(name);
    this.listener = this.room.join({ identity: `${name}-listener`, name: 'Listener' });
    this.listener.onData(({ payload }) => this.received.push({ atMs: Date.now(), message: decode(payload) }));
    for (let number = 0; number < people; number++) this.#join(number, script(number));
  }

  #join(number, lines) {
    const voice = voiceOf(number);
    const identity = `${this.name}-${voice}-${number}`;
    const participant = this.room.join({ identity, name: `${voice} ${number}` });
    this.#people[number] = { identity, participant, track: participant.publish(), lines, silences: [] };
  }

  get people() {
    return this.#people;
  }

  /** Talks until `stop()`. */
  start() {
    this.#talking = this.#talk();
  }

  async stop() {
    this.#stopped = true;
    await this.#talking;
  }

  /** The person's track goes and comes back as another one. */
  republish(number) {
    const person = this.#people[number];
    person.track.unpublish();
    endSilence(person);
    person.track = person.participant.publish();
  }

  /** The person leaves and comes back under the same identity. */
  rejoin(number) {
    this.#people[number].participant.leave();
    this.#join(number, this.#people[number].lines);
  }

  /** The person talks on, and nobody hears it. */
  async mute(number, ms) {
    const person = this.#people[number];
    const { track, silences } = person;
    if (track.muted) return;
    silences.push({ fromMs: Date.now(), toMs: Infinity });
    track.mute();
    await pause(ms);
    track.unmute();
    if (person.track === track) endSilence(person);
  }

  /** Resolves when the room has been told that the session is over, or after `withinMs`. */
  end(withinMs = 10_000) {
    return untilFound(() => this.received.some(({ message }) => message.status === 'ended'), withinMs);
  }

  leave() {
    for (const { participant } of this.#people) participant.leave();
    this.listener.leave();
  }

  async #talk() {
    // Who was cut short has the word again, so that what happens to the new track is heard.
    for (let turn = 0; !this.#stopped;) {
      this.speaking = turn % this.#people.length;
      const { identity, track, lines, silences } = this.#people[this.speaking];
      const line = lines.next().value;
      const startMs = Date.now();
      await track.say(line);
      if (track.published) turn++;
      const cutOff = track.published ? [] : [{ fromMs: Date.now(), toMs: Infinity }];
      const endMs = Date.now();
      const own = [...silences, ...cutOff].filter(({ fromMs, toMs }) => fromMs <= endMs && toMs >= startMs);
      const words = line.words.map((word) => moved(word, startMs));
      this.said.push({ identity, words: words.flatMap((word) => audible(word, own)) });
      await pause(BETWEEN_TURNS_MS);
    }
  }
}

function endSilence({ silences }) {
  const last = silences.at(-1);
  if (last?.toMs === Infinity) last.toMs = Date.now();
}

const moved = ({ text, startMs, endMs }, byMs) => ({ text, startMs: startMs + byMs, endMs: endMs + byMs });

/** Nothing of a word that falls into a silence; of one next to it, who knows what can be understood. */
function audible(word, silences) {
  if (silences.some(({ fromMs, toMs }) => word.startMs >= fromMs && word.endMs <= toMs)) return [];
  const isAtCut = silences.some(({ fromMs, toMs }) => word.endMs > fromMs - CUT_MS && word.startMs < toMs + CUT_MS);
  return [{ ...word, isUnsure: isAtCut || word.endMs - word.startMs < SHORT_MS }];
}
