import type * as rtcNode from '@livekit/rtc-node';
import { cpuRealtime, MONO_FRAMES, STEREO_FRAMES } from './cpu-realtime.js';

type RtcNode = typeof rtcNode;

const FRAME_SAMPLES = 160;
const MIXED_FRAMES = 500;

/** LiveKit's native resampler at its usual quality, with a downmix before it; null where it is not installed. */
export async function rtcResamplerRealtime(): Promise<number | null> {
  const rtc = await loadRtcNode();
  if (rtc === null) return null;
  const resampler = new rtc.AudioResampler(48_000, 16_000, 1, rtc.AudioResamplerQuality.MEDIUM);
  const realtime = cpuRealtime(() => {
    for (const frame of STEREO_FRAMES) resampler.push(new rtc.AudioFrame(downmix(frame), 48_000, 1, frame.length / 2));
    return STEREO_FRAMES.length * 10;
  });
  resampler.close();
  return realtime;
}

/** LiveKit's mixer, two tracks into one; null where it is not installed. */
export async function rtcMixerRealtime(): Promise<number | null> {
  const rtc = await loadRtcNode();
  if (rtc === null) return null;
  const before = process.cpuUsage();
  const mixer = new rtc.AudioMixer(16_000, 1, { blocksize: FRAME_SAMPLES });
  mixer.addStream(frames(rtc));
  mixer.addStream(frames(rtc));
  let mixedMs = 0;
  for await (const frame of mixer) {
    mixedMs += (frame.samplesPerChannel * 1000) / 16_000;
    if (mixedMs >= MIXED_FRAMES * 10) break;
  }
  await mixer.aclose();
  const { user, system } = process.cpuUsage(before);
  return (2 * mixedMs) / ((user + system) / 1000);
}

// eslint-disable-next-line @typescript-eslint/require-await -- the mixer takes asynchronous streams
async function* frames(rtc: RtcNode): AsyncGenerator<rtcNode.AudioFrame> {
  for (let i = 0; ; i++) yield new rtc.AudioFrame(MONO_FRAMES[i % MONO_FRAMES.length]!, 16_000, 1, FRAME_SAMPLES);
}

function downmix(stereo: Int16Array): Int16Array {
  const mono = new Int16Array(stereo.length / 2);
  for (let i = 0; i < mono.length; i++) mono[i] = (stereo[2 * i]! + stereo[2 * i + 1]!) >> 1;
  return mono;
}

async function loadRtcNode(): Promise<RtcNode | null> {
  try {
    return await import('@livekit/rtc-node');
  } catch {
    return null;
  }
}
