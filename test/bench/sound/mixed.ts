import { createPcmDecoder, type PcmDecoder } from '../../../libs/audio/pcm-decoder.js';
import { asStereo, bytesOf } from '../../../libs/audio/tone.spec-kit.js';
import type { TrackInput } from '../../../src/media/track-audio-sink.js';
import { RecordingSink } from '../../../src/mixer/mix.spec-kit.js';
import { SessionMix } from '../../../src/mixer/session-mix.js';
import { concatenated } from '../../../src/mixer/sound.spec-kit.js';

interface Track {
  readonly bytes: Uint8Array;
  readonly decoder: PcmDecoder;
  readonly decoded: Int16Array[];
  readonly input: TrackInput;
}

/** 10 ms of 48 kHz stereo. */
const PIECE_BYTES = 1_920;
const STEP_BYTES = 2 * PIECE_BYTES;

/**
 * Sounds at 48 kHz, the same on both channels, through the same steps as those from Egress: each through its decoder into
 * its track, and all into the mix of one session. Also the output of the decoders.
 */
export function mixed(sounds: readonly Int16Array[]): { readonly mix: Int16Array; readonly decoded: Int16Array[] } {
  const sink = new RecordingSink();
  const mix = new SessionMix('bench', 0, sink, () => undefined);
  const tracks = sounds.map((sound, i): Track => {
    mix.publish(`TR_${i}`);
    const decoder = createPcmDecoder({ rateHz: 48_000, channels: 2 });
    return { bytes: bytesOf(asStereo(sound)), decoder, decoded: [], input: mix.open(`TR_${i}`, 0) };
  });
  const length = tracks[0]?.bytes.length ?? 0;
  for (let at = 0, step = 0; at < length; step++) {
    for (const end = at + STEP_BYTES; at < end; at += PIECE_BYTES) {
      for (const track of tracks) receive(track, track.bytes.subarray(at, at + PIECE_BYTES));
    }
    mix.step(step);
  }
  for (const { decoder } of tracks) decoder.close();
  return { mix: sink.of('bench').samples, decoded: tracks.map(({ decoded }) => concatenated(decoded)) };
}

function receive({ decoder, decoded, input }: Track, bytes: Uint8Array): void {
  const samples = decoder.decode(bytes);
  decoded.push(samples.slice());
  input.write(samples);
}
