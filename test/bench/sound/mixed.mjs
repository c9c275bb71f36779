import { built } from '../built.mjs';
import { specKit } from '../spec-kit.mjs';

/** 10 ms of 48 kHz stereo. */
const PIECE_BYTES = 1_920;
const STEP_BYTES = 2 * PIECE_BYTES;

/**
 * Sounds at 48 kHz, the same on both channels, on the way that those from Egress take: each through its decoder into its
 * track, and all into the mix of one session. Also what the decoders made of them.
 */
export async function mixed(sounds) {
  const { RecordingSink } = await specKit('src/mixer/mix.spec-kit.ts');
  const { concatenated } = await specKit('src/mixer/sound.spec-kit.ts');
  const { asStereo, bytesOf } = await specKit('libs/audio/tone.spec-kit.ts');
  const { createPcmDecoder } = await built('libs/audio/pcm-decoder.js');
  const { SessionMix } = await built('src/mixer/session-mix.js');
  const sink = new RecordingSink();
  const mix = new SessionMix('bench', 0, sink, () => undefined);
  const tracks = sounds.map((sound, i) => {
    mix.publish(`TR_${i}`);
    const decoder = createPcmDecoder({ rateHz: 48_000, channels: 2 });
    return { bytes: bytesOf(asStereo(sound)), decoder, decoded: [], input: mix.open(`TR_${i}`, 0) };
  });
  for (let at = 0, step = 0; at < tracks[0].bytes.length; step++) {
    for (const end = at + STEP_BYTES; at < end; at += PIECE_BYTES) {
      for (const track of tracks) receive(track, track.bytes.subarray(at, at + PIECE_BYTES));
    }
    mix.step(step);
  }
  for (const { decoder } of tracks) decoder.close();
  return { heard: sink.of('bench').samples, decoded: tracks.map(({ decoded }) => concatenated(decoded)) };
}

function receive({ decoder, decoded, input }, bytes) {
  const samples = decoder.decode(bytes);
  decoded.push(samples.slice());
  input.write(samples);
}
