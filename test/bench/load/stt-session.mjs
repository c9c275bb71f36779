import { OnsetDetector } from './onset.mjs';

const PARTIAL_EVERY_MS = 200;
const PARTIALS_AN_UTTERANCE = 25;
const BYTES_PER_SECOND = 32_000;

/** One socket of the speech-to-text sink: counts what it gets, and now and then says something. */
export class SttSession {
  bytes = 0;
  #socket;
  #talk;
  #onsets;
  #said = 0;
  #saidAtMs = performance.now();

  /**
   * @param {'silent' | 'steady' | 'lively'} talk
   * @param {((atNs: bigint) => void) | undefined} onOnset told of tones that begin; undefined where nobody asks
   */
  constructor(socket, talk, onOnset) {
    this.#socket = socket;
    this.#talk = talk;
    this.#onsets = onOnset && new OnsetDetector();
    socket.on('message', (data, isBinary) => {
      if (isBinary && this.#onsets?.hears(data)) onOnset(process.hrtime.bigint());
      if (isBinary) this.#onSound(data);
      else if (data.includes('stop_recording')) this.#finish();
    });
    socket.send('{"type":"start_recording"}');
  }

  #onSound(data) {
    if (this.#talk === 'lively') {
      const range = [this.bytes, this.bytes + data.length];
      this.#socket.send(
        JSON.stringify({ type: 'audio_chunk', acknowledged: true, error: null, data: { byte_range: range } }),
      );
    }
    this.bytes += data.length;
    const nowMs = performance.now();
    if (this.#talk === 'silent' || nowMs - this.#saidAtMs < PARTIAL_EVERY_MS) return;
    this.#saidAtMs = nowMs;
    this.#say();
  }

  /** Three words about the last second; every five seconds an utterance is final. */
  #say() {
    const count = this.#said++;
    const name = this.#talk === 'lively' ? count : 'same';
    const end = this.bytes / BYTES_PER_SECOND;
    const start = Math.max(0, end - 1);
    const word = (text, at) => ({ word: text, start: start + at, end: start + at + 0.3, confidence: 0.9 });
    const words = end < 1 ? [] : [word('partial', 0), word(' number', 0.3), word(` ${name}`, 0.6)];
    const utterance = {
      text: `partial number ${name}`,
      start,
      end,
      language: 'en',
      confidence: 0.9,
      channel: 0,
      words,
    };
    const id = `00_${String(Math.floor(count / PARTIALS_AN_UTTERANCE)).padStart(8, '0')}`;
    const isFinal = count % PARTIALS_AN_UTTERANCE === PARTIALS_AN_UTTERANCE - 1;
    this.#socket.send(JSON.stringify({ type: 'transcript', data: { id, is_final: isFinal, utterance } }));
  }

  #finish() {
    this.#socket.send('{"type":"end_session"}');
    this.#socket.close(1000);
  }
}
