import { built } from '../built.mjs';
import { cpuRealtime } from './cpu-realtime.mjs';
import { MONO_FRAMES } from './sound.mjs';

/** Our mixer, two tracks into one, with jitter buffers and the record of who spoke. */
export async function ourMixerRealtime() {
  const { SessionMix } = await built('src/mixer/session-mix.js');
  const sink = { open: () => ({ write() {}, close() {} }) };
  const mix = new SessionMix('bench', 0, sink, () => undefined);
  const inputs = ['TR_a', 'TR_b'].map((trackSid) => {
    mix.publish(trackSid);
    return mix.open(trackSid, 0);
  });
  let step = 0;
  return cpuRealtime(() => {
    for (let i = 0; i < MONO_FRAMES.length; i += 2) {
      for (const input of inputs) for (const frame of MONO_FRAMES.slice(i, i + 2)) input.write(frame);
      mix.step(step++);
    }
    return inputs.length * MONO_FRAMES.length * 10;
  });
}
