import { ffmpegRealtime } from '../resamplers/ffmpeg.js';
import { ourMixerRealtime, ourResamplerRealtime } from '../resamplers/ours.js';
import { rtcMixerRealtime, rtcResamplerRealtime } from '../resamplers/rtc-node.js';
import type { Progress } from './service-run.js';

export type ResamplerFigures = Awaited<ReturnType<typeof measureResampler>>;

/**
 * One step alone, 48 kHz stereo to 16 kHz mono in frames of 10 ms, and the mix of two tracks: seconds of sound a second of
 * CPU. Null where a peer is not installed.
 */
export async function measureResampler(progress: Progress) {
  progress('resampler');
  return {
    simd: ourResamplerRealtime('fastest'),
    plain: ourResamplerRealtime('reference'),
    rtcNode: await rtcResamplerRealtime(),
    ffmpeg: ffmpegRealtime(),
    mixer: ourMixerRealtime(),
    rtcNodeMixer: await rtcMixerRealtime(),
  };
}
