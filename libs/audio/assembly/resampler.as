// AssemblyScript. Compiled by scripts/build-wasm.ts; ../reference-resampler.ts says what it must do.

// @ts-nocheck
@unmanaged
class Filter {
  up: i32;
  down: i32;
  taps: i32;
  // Where the fine coefficients are, from the others on, in bytes; 0 when there are none.
  fine: i32;
  gain: f64;
  // The coefficients follow, i16, phase after phase; then the fine ones.
}

@unmanaged
class Track {
  filter: Filter;
  channels: i32;
  phase: i32;
  position: i32;
  // The last `taps` mono samples follow, i16.
}

function downmix(stereo: usize, mono: usize, instants: i32): void {
  const vectors = instants & ~7;
  const one = i32x4.splat(1);
  for (let i = 0; i < vectors; i += 8) {
    const from = stereo + (<usize>i << 2);
    const first = i32x4.shr_s(i32x4.add(i32x4.extadd_pairwise_i16x8_s(v128.load(from)), one), 1);
    const second = i32x4.shr_s(i32x4.add(i32x4.extadd_pairwise_i16x8_s(v128.load(from, 16)), one), 1);
    v128.store(mono + (<usize>i << 1), i16x8.narrow_i32x4_s(first, second));
  }
  for (let i = vectors; i < instants; i++) {
    const from = stereo + (<usize>i << 2);
    store<i16>(mono + (<usize>i << 1), <i16>((<i32>load<i16>(from) + <i32>load<i16>(from, 2) + 1) >> 1));
  }
}

// Each of the eight partial sums of a filter holds in 32 bits; their total needs 64.
// @ts-ignore: decorator
@inline
function total(sums: v128): i64 {
  const pairs = i64x2.add(i64x2.extend_low_i32x4_s(sums), i64x2.extend_high_i32x4_s(sums));
  return i64x2.extract_lane(pairs, 0) + i64x2.extract_lane(pairs, 1);
}

// @ts-ignore: decorator
@inline
function convolve(samples: usize, coefficients: usize, taps: i32): i64 {
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  const end = coefficients + (<usize>taps << 1);
  while (coefficients < end) {
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(samples), v128.load(coefficients)));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(samples, 16), v128.load(coefficients, 16)));
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(samples, 32), v128.load(coefficients, 32)));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(samples, 48), v128.load(coefficients, 48)));
    samples += 64;
    coefficients += 64;
  }
  return total(a) + total(b);
}

/** Two outputs of the same phase at once: each coefficient is loaded for both. */
// @ts-ignore: decorator
@inline
function convolvePair(samples: usize, apart: usize, coefficients: usize, taps: i32, gain: f64, to: usize): void {
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  let laterA = i32x4.splat(0);
  let laterB = i32x4.splat(0);
  const end = coefficients + (<usize>taps << 1);
  while (coefficients < end) {
    const later = samples + apart;
    const first = v128.load(coefficients);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(samples), first));
    laterA = i32x4.add(laterA, i32x4.dot_i16x8_s(v128.load(later), first));
    const second = v128.load(coefficients, 16);
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(samples, 16), second));
    laterB = i32x4.add(laterB, i32x4.dot_i16x8_s(v128.load(later, 16), second));
    const third = v128.load(coefficients, 32);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(samples, 32), third));
    laterA = i32x4.add(laterA, i32x4.dot_i16x8_s(v128.load(later, 32), third));
    const fourth = v128.load(coefficients, 48);
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(samples, 48), fourth));
    laterB = i32x4.add(laterB, i32x4.dot_i16x8_s(v128.load(later, 48), fourth));
    samples += 64;
    coefficients += 64;
  }
  store<i16>(to, rounded(total(a) + total(b), gain));
  store<i16>(to, rounded(total(laterA) + total(laterB), gain), 2);
}

// @ts-ignore: decorator
@inline
function rounded(sum: i64, gain: f64): i16 {
  return <i16>min(32767, max(-32768, <i32>Math.floor(<f64>sum * gain + 0.5)));
}

/** Consumes `instants` from `input`; `work` has room for the history and the mono input. Returns the samples made. */
export function resample(track: Track, input: usize, instants: i32, work: usize, output: usize): i32 {
  const filter = track.filter;
  const taps = filter.taps;
  const bytes = <usize>taps << 1;
  const history = changetype<usize>(track) + offsetof<Track>();
  const coefficients = changetype<usize>(filter) + offsetof<Filter>();
  memory.copy(work, history, bytes);
  if (track.channels == 2) downmix(input, work + bytes, instants);
  else memory.copy(work + bytes, input, <usize>instants << 1);

  const up = filter.up;
  const whole = filter.down / up;
  const rest = filter.down % up;
  const gain = filter.gain;
  const fine = <usize>filter.fine;
  let phase = track.phase;
  let position = track.position;
  let to = output;
  while (rest == 0 && position + whole < instants) {
    const from = work + ((<usize>position + 1) << 1);
    convolvePair(from, <usize>whole << 1, coefficients + <usize>phase * bytes, taps, gain, to);
    to += 4;
    position += 2 * whole;
  }
  while (position < instants) {
    const from = work + ((<usize>position + 1) << 1);
    const ofPhase = coefficients + <usize>phase * bytes;
    let sum = convolve(from, ofPhase, taps);
    if (fine != 0) sum = (sum << 12) + convolve(from, ofPhase + fine, taps);
    store<i16>(to, rounded(sum, gain));
    to += 2;
    position += whole;
    phase += rest;
    if (phase >= up) {
      phase -= up;
      position++;
    }
  }
  track.phase = phase;
  track.position = position - instants;
  memory.copy(history, work + (<usize>instants << 1), bytes);
  return <i32>((to - output) >> 1);
}
