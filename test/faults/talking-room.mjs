import { built } from './built.mjs';

const { loadRecordings } = await built('libs/sandbox/recordings/catalogue.js');
const { decode } = await built('libs/protocol/codec.js');

const PAUSE_MS = 500;
const sentences = loadRecordings().filter(({ language }) => language === 'en');
const voices = [...new Set(sentences.map(({ speaker }) => speaker))];

/** A room in which people take turns talking, and somebody who only listens writes down what arrives. */
export class TalkingRoom {
  /** What was said: `{ identity, words: [{ text, startMs, endMs }] }`, wall time in milliseconds. */
  said = [];
  /** What came over the data channel: `{ atMs, message }`. */
  received = [];
  #people = [];
  #stopped = false;
  #talking;

  constructor(livekit, name, people) {
    this.name = name;
    this.room = livekit.room(name);
    this.listener = this.room.join({ identity: `${name}-listener`, name: 'Listener' });
    this.listener.onData(({ payload }) => this.received.push({ atMs: Date.now(), message: decode(payload) }));
    for (let number = 0; number < people; number++) this.#join(number);
  }

  #join(number) {
    const voice = voices[number % voices.length];
    const identity = `${this.name}-${voice}-${number}`;
    const participant = this.room.join({ identity, name: `${voice} ${number}` });
    const lines = sentences.filter(({ speaker }) => speaker === voice);
    this.#people[number] = { identity, participant, track: participant.publish(), lines, next: 0 };
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
    person.track = person.participant.publish();
  }

  /** The person leaves and comes back under the same identity. */
  rejoin(number) {
    this.#people[number].participant.leave();
    const { next } = this.#people[number];
    this.#join(number);
    this.#people[number].next = next;
  }

  leave() {
    for (const { participant } of this.#people) participant.leave();
    this.listener.leave();
  }

  async #talk() {
    for (let turn = 0; !this.#stopped; turn++) {
      const person = this.#people[turn % this.#people.length];
      const line = person.lines[person.next++ % person.lines.length];
      const startMs = Date.now();
      const { track } = person;
      await track.say(line);
      // What was cut short by leaving or unpublishing was not said.
      const saidMs = track.published ? Infinity : Date.now() - startMs;
      const words = line.words.filter(({ endMs }) => endMs <= saidMs);
      this.said.push({ identity: person.identity, words: words.map((word) => moved(word, startMs)) });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

const moved = ({ text, startMs, endMs }, byMs) => ({ text, startMs: startMs + byMs, endMs: endMs + byMs });
