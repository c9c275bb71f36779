import type { RawData, WebSocket } from 'ws';
import { OnsetDetector } from './onset-detector.js';

export const SINK_TALKS = ['silent', 'steady', 'lively'] as const;
/** What the sink says while sound comes: nothing, the same partial over and over, or another one each time. */
export type SinkTalk = (typeof SINK_TALKS)[number];

const PARTIAL_EVERY_MS = 200;
const PARTIALS_AN_UTTERANCE = 25;
const BYTES_PER_SECOND = 32_000;

/** One socket of the speech-to-text sink: counts what it gets, and now and then says something. */
export class SttSession {
  bytes = 0;
  #partials = 0;
  #lastPartialMs = performance.now();
  readonly #onsets = new OnsetDetector();

  /** @param onOnset called when a tone begins; undefined where nobody needs that */
  constructor(
    private readonly socket: WebSocket,
    private readonly talk: SinkTalk,
    private readonly onOnset: ((atNs: bigint) => void) | undefined,
  ) {
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.send('{"type":"start_recording"}');
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (!Buffer.isBuffer(data)) return;
    if (isBinary) this.#onSound(data);
    else if (data.includes('stop_recording')) this.#finish();
  }

  #onSound(data: Buffer): void {
    if (this.onOnset !== undefined && this.#onsets.findsOnset(data)) this.onOnset(process.hrtime.bigint());
    if (this.talk === 'lively') {
      const range = [this.bytes, this.bytes + data.length];
      this.socket.send(
        JSON.stringify({ type: 'audio_chunk', acknowledged: true, error: null, data: { byte_range: range } }),
      );
    }
    this.bytes += data.length;
    const nowMs = performance.now();
    if (this.talk === 'silent' || nowMs - this.#lastPartialMs < PARTIAL_EVERY_MS) return;
    this.#lastPartialMs = nowMs;
    this.#sendPartial();
  }

  /** Three words about the last second; every five seconds an utterance is final. */
  #sendPartial(): void {
    const count = this.#partials++;
    const name = this.talk === 'lively' ? count : 'same';
    const end = this.bytes / BYTES_PER_SECOND;
    const start = Math.max(0, end - 1);
    const word = (text: string, at: number): object => ({
      word: text,
      start: start + at,
      end: start + at + 0.3,
      confidence: 0.9,
    });
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
    this.socket.send(JSON.stringify({ type: 'transcript', data: { id, is_final: isFinal, utterance } }));
  }

  #finish(): void {
    this.socket.send('{"type":"end_session"}');
    this.socket.close(1000);
  }
}
