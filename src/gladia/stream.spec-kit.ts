import type { SpeechOptions } from '../config/speech-options.js';
import { FRAME_SAMPLES } from '../media/audio-format.js';
import { GladiaApi } from './api/gladia-api.js';
import { GladiaLiveClient } from './gladia-live.client.js';
import { GladiaSettings, type GladiaAccount, type GladiaTimings } from './api/gladia-settings.js';
import type {
  Insight,
  SpeechListener,
  SpeechReport,
  SpeechState,
  SpeechStream,
  Translation,
  Utterance,
} from '../transcription/speech-to-text.js';
import { Watched } from './watched.spec-kit.js';

/** Timeouts after which a server counts as dead: longer than a busy machine delays a test. */
const PATIENT: Partial<GladiaTimings> = {
  requestTimeoutMs: 15_000,
  connectTimeoutMs: 15_000,
  pingEveryMs: 10_000,
  silenceTimeoutMs: 10_000,
};
/** For tests in which the server is dead, and that count nothing that would be more on a busy machine. */
export const IMPATIENT: Partial<GladiaTimings> = { connectTimeoutMs: 500, pingEveryMs: 150, silenceTimeoutMs: 400 };
const FAST: Partial<GladiaTimings> = {
  listenFirstMs: 60,
  backoff: { baseMs: 4, capMs: 40 },
  stableMs: 100,
  polling: { giveUpAfterMs: 20_000, backoff: { baseMs: 20, capMs: 40 } },
  checkEveryMs: 20,
  overlapMs: 100,
  pauseMs: 100,
  deletion: { giveUpAfterMs: 20_000, backoff: { baseMs: 4, capMs: 20 } },
};

export function settingsFor(
  apiUrl: string,
  account: Partial<GladiaAccount> = {},
  timings: Partial<GladiaTimings> = {},
): GladiaSettings {
  const defaults = {
    apiKey: 'a-key',
    apiUrl,
    model: 'solaria-1',
    endpointingS: 0.3,
    maxDurationS: 15,
    audioLogS: 120,
    drainTimeoutMs: 15_000,
  };
  return new GladiaSettings({ ...defaults, ...account }, { ...PATIENT, ...FAST, ...timings }, () => 0.5);
}

/** Records what a stream reports. */
class RecordedOutput extends Watched implements SpeechListener {
  readonly utterances: Utterance[] = [];
  readonly translations: Translation[] = [];
  readonly insights: Insight[] = [];
  readonly states: SpeechState[] = [];
  readonly reasons: string[] = [];
  readonly gaps: { startMs: number; endMs: number }[] = [];

  utterance(utterance: Utterance): void {
    this.utterances.push(utterance);
    this.changed();
  }

  translation(translation: Translation): void {
    this.translations.push(translation);
    this.changed();
  }

  insight(insight: Insight): void {
    this.insights.push(insight);
    this.changed();
  }

  stateChanged({ state, reason }: SpeechReport): void {
    this.states.push(state);
    this.reasons.push(reason);
    this.changed();
  }

  gap(startMs: number, endMs: number): void {
    this.gaps.push({ startMs, endMs });
    this.changed();
  }

  get finals(): string[] {
    return this.utterances.filter(({ final }) => final).map(({ text }) => text);
  }

  state(state: SpeechState): Promise<void> {
    return this.when(`the state ${state}`, () => this.states.includes(state));
  }
}

/** A stream to the given server, what it reports, and audio in which each sample is its own position. */
export class TestStream {
  readonly output = new RecordedOutput();
  readonly stream: SpeechStream;
  readonly client: GladiaLiveClient;
  /** Whether somebody speaks at all times, or nobody ever. */
  speaks = true;
  #written = 0;

  constructor(settings: GladiaSettings, client?: GladiaLiveClient, overrides: Partial<SpeechOptions> = {}) {
    this.client = client ?? new GladiaLiveClient(settings, new GladiaApi(settings));
    const options = { spoken: [], translateTo: [], ...overrides };
    this.stream = this.client.open(
      { sessionId: 's', startSamples: 0, options, spokeBetween: () => this.speaks },
      this.output,
    );
  }

  write(frames: number): void {
    for (let i = 0; i < frames; i += 1) {
      this.stream.write(Int16Array.from({ length: FRAME_SAMPLES }, (_, at) => (this.#written + at) % 32_768));
      this.#written += FRAME_SAMPLES;
    }
  }

  get written(): number {
    return this.#written;
  }
}

/** How many samples did not arrive; audio may arrive twice. */
export function missing(kept: readonly number[], written: number): number {
  let next = 0;
  for (const sample of kept) if (sample === next % 32_768) next += 1;
  return written - next;
}
