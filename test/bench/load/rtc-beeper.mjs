// People in a real room, each with a microphone; the first beeps once in a while. A process of its own.
import { AudioFrame, AudioSource, LocalAudioTrack, Room, TrackPublishOptions, TrackSource } from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';
import { monotonicMs } from './onset-sink.mjs';

const [url, apiKey, apiSecret, room, people, everyMs] = process.argv.slice(2);
const RATE_HZ = 16_000;
const FRAME_SAMPLES = 160;
const FRAME_MS = 10;
const BEEP_MS = 100;
const beepEvery = Number(everyMs);
const saidMs = [];

const speakers = await Promise.all(Array.from({ length: Number(people) }, (_, i) => join(`speaker-${i}`)));
process.on('message', ({ figures }) => figures && process.send({ figures: { saidMs } }));
process.send({ trackSids: speakers.map(({ trackSid }) => trackSid) });

const startMs = monotonicMs();
let frames = 0;
setInterval(() => {
  for (; frames * FRAME_MS < monotonicMs() - startMs; frames++) speak(frames);
}, 5);

async function join(identity) {
  const access = new AccessToken(apiKey, apiSecret, { identity, ttl: 600 });
  access.addGrant({ roomJoin: true, room });
  const joined = new Room();
  await joined.connect(url, await access.toJwt(), { autoSubscribe: false, dynacast: false });
  const source = new AudioSource(RATE_HZ, 1, 0);
  const options = new TrackPublishOptions();
  options.source = TrackSource.SOURCE_MICROPHONE;
  const track = LocalAudioTrack.createAudioTrack('mic', source);
  const { sid } = await joined.localParticipant.publishTrack(track, options);
  return { source, trackSid: sid };
}

function speak(frame) {
  const inTurn = (frame * FRAME_MS) % beepEvery;
  if (inTurn === 0) saidMs.push(monotonicMs());
  speakers.forEach(({ source }, i) => {
    const amplitude = i === 0 ? (inTurn < BEEP_MS ? 12_000 : 0) : 1_500;
    void source.captureFrame(new AudioFrame(sound(frame, amplitude), RATE_HZ, 1, FRAME_SAMPLES)).catch(() => undefined);
  });
}

function sound(frame, amplitude) {
  const hz = 800;
  return Int16Array.from({ length: FRAME_SAMPLES }, (_, i) =>
    Math.round(amplitude * Math.cos((2 * Math.PI * hz * (frame * FRAME_SAMPLES + i)) / RATE_HZ)),
  );
}
