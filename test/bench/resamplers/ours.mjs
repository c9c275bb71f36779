import { cpuRealtime } from './cpu-realtime.mjs';
import { STEREO_FRAMES } from './sound.mjs';
import { built } from '../built.mjs';

/** Our decoder, vector code or its plain twin. */
export async function ourResamplerRealtime(twin) {
  const { createPcmDecoder } = await built('libs/audio/pcm-decoder.js');
  const decoder = createPcmDecoder({ rateHz: 48_000, channels: 2 }, twin);
  const bytes = STEREO_FRAMES.map((frame) => new Uint8Array(frame.buffer));
  return cpuRealtime(() => {
    for (const frame of bytes) decoder.decode(frame);
    return bytes.length * 10;
  });
}
