import type { Attribution, ReportedWord } from './score-attribution.js';

interface EngineWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly confidence: number;
}

interface EngineUtterance extends Omit<EngineWord, 'text'> {
  readonly id: string;
  readonly final: boolean;
  readonly text: string;
  readonly language: string;
  readonly words: readonly EngineWord[];
}

/** The parts of the service that are measured. The caller hands them in, from the source or from the build. */
export interface ServiceParts<Timeline> {
  readonly timeline: Timeline & {
    history(trackSid: string): { record(frame: number, power: number, speech: boolean): void };
  };
  /** Tells speech from pauses in one track. */
  readonly newDetector: () => { readonly speech: boolean; update(power: number): void };
  readonly attribute: (
    utterance: EngineUtterance,
    timeline: Timeline,
  ) => readonly { readonly trackSid: string | null; readonly words: readonly EngineWord[] }[];
}

/** The service's own attribution, as it is measured: tracks are named by the number of their person. */
export function attributionUnderTest<Timeline>({
  timeline,
  newDetector,
  attribute,
}: ServiceParts<Timeline>): Attribution {
  const detectors = new Map<number, ReturnType<typeof newDetector>>();
  return {
    addPower: (person, frame, power) => {
      const detector = detectors.get(person) ?? newDetector();
      detectors.set(person, detector);
      detector.update(power);
      timeline.history(String(person)).record(frame, power, detector.speech);
    },
    name: (reported) => {
      const utterance = asUtterance(reported);
      const speakers = attribute(utterance, timeline).flatMap(({ trackSid, words }) =>
        words.map((word) => [word.text, trackSid] as const),
      );
      const speakerOf = new Map(speakers);
      return utterance.words.map(({ text }) => {
        const trackSid = speakerOf.get(text);
        return typeof trackSid === 'string' ? Number(trackSid) : undefined;
      });
    },
  };
}

/** The words are numbered, so that each is found again in the parts. */
function asUtterance(reported: readonly ReportedWord[]): EngineUtterance {
  const words = reported.map(({ startMs, endMs }, index) => ({
    text: `word-${index}.`,
    startMs,
    endMs,
    confidence: 1,
  }));
  const startMs = Math.min(...words.map((word) => word.startMs));
  const endMs = Math.max(...words.map((word) => word.endMs));
  const text = words.map((word) => word.text).join(' ');
  return { id: '1', final: true, text, language: '', confidence: 1, startMs, endMs, words };
}
