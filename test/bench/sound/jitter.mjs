import { specKit } from '../spec-kit.mjs';

const RUNS = 6;
const PHASE_S = 120;
const SETTLING_S = 30;
const STEPS_A_SECOND = 50;

/**
 * One track on one connection: jitter of 200 ± 100 ms, then one piece of 10 ms in a hundred that stalls for 500 ms, then
 * neither. Of several runs, whose stalls differ, the worst.
 */
export async function measureJitter() {
  const { arriving, jitter, stalls } = await specKit('src/mixer/arrivals.spec-kit.ts');
  const { ReceivedTrack } = await specKit('src/mixer/received-track.spec-kit.ts');
  const { speech } = await specKit('src/mixer/sound.spec-kit.ts');
  const voice = speech(3 * PHASE_S);
  const runs = Array.from({ length: RUNS }, (_, run) => {
    const delays = [jitter, stalls(3 * PHASE_S, run + 1), () => 0];
    const arrival = arriving((spokenMs) => delays[phaseOf(spokenMs)](spokenMs));
    const track = new ReceivedTrack(voice, arrival);
    return delays.map(() => playPhase(track));
  });
  const [jittered, stalled, calm] = [0, 1, 2].map((phase) => runs.map((run) => run[phase]));
  return { jitter: worst(jittered, 300), stalls: worst(stalled, 500), calm: worst(calm, 0) };
}

/** What is spoken until the last moment of a phase still belongs to it. */
const phaseOf = (spokenMs) => Math.ceil(spokenMs / 1000 / PHASE_S) - 1;

function playPhase(track) {
  const underruns = () => track.buffer.counters.underruns;
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

/** `addedMs`: what the buffer adds to the most that the network takes. */
function worst(phases, networkMs) {
  const most = (of) => Math.max(...phases.map(of));
  const delayMs = most((phase) => phase.delayMs);
  return {
    underrunsWhileSettling: most((phase) => phase.underrunsWhileSettling),
    underruns: most((phase) => phase.underruns),
    delayMs,
    addedMs: delayMs - networkMs,
  };
}
