import { arriving, jitter, stalls } from '../../../src/mixer/arrivals.spec-kit.js';
import { ReceivedTrack } from '../../../src/mixer/received-track.spec-kit.js';
import { speech } from '../../../src/mixer/sound.spec-kit.js';

const RUNS = 6;
const PHASE_S = 120;
const SETTLING_S = 30;
const STEPS_A_SECOND = 50;

interface PhaseFigures {
  readonly underrunsWhileSettling: number;
  readonly underruns: number;
  readonly delayMs: number;
}

export interface WorstPhase extends PhaseFigures {
  /** What the buffer adds to the longest delay of the network. */
  readonly addedMs: number;
}

export interface JitterFigures {
  readonly jitter: WorstPhase;
  readonly stalls: WorstPhase;
  readonly calm: WorstPhase;
}

/**
 * One track on one connection: jitter of 200 ± 100 ms, then one piece of 10 ms in a hundred that stalls for 500 ms, then
 * neither. Of several runs, whose stalls differ, the worst.
 */
export function measureJitter(): JitterFigures {
  const voice = speech(3 * PHASE_S);
  const runs = Array.from({ length: RUNS }, (_, run) => {
    const delays = [jitter, stalls(3 * PHASE_S, run + 1), () => 0];
    const track = new ReceivedTrack(
      voice,
      arriving((spokenMs) => delays[phaseOf(spokenMs)]!(spokenMs)),
    );
    return delays.map(() => playPhase(track));
  });
  const phase = (number: number): PhaseFigures[] => runs.map((run) => run[number]!);
  return { jitter: worst(phase(0), 300), stalls: worst(phase(1), 500), calm: worst(phase(2), 0) };
}

/** What is spoken until the last moment of a phase still belongs to it. */
const phaseOf = (spokenMs: number): number => Math.ceil(spokenMs / 1000 / PHASE_S) - 1;

function playPhase(track: ReceivedTrack): PhaseFigures {
  const underruns = (): number => track.buffer.counters.underruns;
  const before = underruns();
  track.run(SETTLING_S);
  const settled = underruns();
  track.run(PHASE_S - SETTLING_S);
  const delaysMs = track.delaysMs.slice(-(PHASE_S - SETTLING_S) * STEPS_A_SECOND);
  return {
    underrunsWhileSettling: settled - before,
    underruns: underruns() - settled,
    delayMs: Math.max(...delaysMs),
  };
}

function worst(phases: readonly PhaseFigures[], networkMs: number): WorstPhase {
  const most = (of: (phase: PhaseFigures) => number): number => Math.max(...phases.map(of));
  const delayMs = most((phase) => phase.delayMs);
  return {
    underrunsWhileSettling: most((phase) => phase.underrunsWhileSettling),
    underruns: most((phase) => phase.underruns),
    delayMs,
    addedMs: delayMs - networkMs,
  };
}
