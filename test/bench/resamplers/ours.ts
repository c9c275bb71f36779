import { createPcmDecoder } from '../../../libs/audio/pcm-decoder.js';
import { MixedAudioSink, type MixedInput } from '../../../src/media/mixed-audio-sink.js';
import { SessionMix } from '../../../src/mixer/session-mix.js';
import { cpuRealtime, MONO_FRAMES, STEREO_FRAMES } from './cpu-realtime.js';

/** Our decoder: WebAssembly with SIMD, or its plain TypeScript implementation. */
export function ourResamplerRealtime(implementation: 'fastest' | 'reference'): number {
  const decoder = createPcmDecoder({ rateHz: 48_000, channels: 2 }, implementation);
  const bytes = STEREO_FRAMES.map((frame) => new Uint8Array(frame.buffer));
  return cpuRealtime(() => {
    for (const frame of bytes) decoder.decode(frame);
    return bytes.length * 10;
  });
}

class DiscardingSink extends MixedAudioSink {
  override open(): MixedInput {
    return { write: () => undefined, close: () => undefined };
  }
}

/** Our mixer, two tracks into one, with jitter buffers and the record of who spoke. */
export function ourMixerRealtime(): number {
  const mix = new SessionMix('bench', 0, new DiscardingSink(), () => undefined);
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
