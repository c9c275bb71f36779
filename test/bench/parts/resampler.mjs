import { ourResamplerRealtime } from '../resamplers/ours.mjs';
import { ffmpegRealtime } from '../resamplers/ffmpeg.mjs';
import { rtcMixerRealtime, rtcResamplerRealtime } from '../resamplers/rtc-node.mjs';
import { ourMixerRealtime } from '../resamplers/our-mixer.mjs';

/**
 * One step alone, 48 kHz stereo to 16 kHz mono in frames of 10 ms, and the mix of two tracks: seconds of sound a second of
 * CPU. Null where a peer is not installed.
 */
export async function measureResampler(say) {
  say('resampler');
  return {
    simd: await ourResamplerRealtime('fastest'),
    typescriptTwin: await ourResamplerRealtime('reference'),
    rtcNode: await rtcResamplerRealtime(),
    ffmpeg: ffmpegRealtime(),
    mixer: await ourMixerRealtime(),
    rtcNodeMixer: await rtcMixerRealtime(),
  };
}
