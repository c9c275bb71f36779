// People in a real room, each with a microphone; the first beeps once in a while. A process of its own.
import { AudioFrame, AudioSource, LocalAudioTrack, Room, TrackPublishOptions, TrackSource } from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';
import { sendToParent, type FiguresQuestion } from '../helper-process.js';
import { monotonicMs } from './onset-sink.js';

/** The first message of this process. */
export interface BeeperReady {
  readonly trackSids: readonly string[];
}

export interface BeeperFigures {
  /** When each beep began; monotonic, the same in every process. */
  readonly beepsMs: readonly number[];
}

interface Speaker {
  readonly source: AudioSource;
  readonly trackSid: string;
}

const [url = '', apiKey = '', apiSecret = '', room = '', people, everyMs] = process.argv.slice(2);
const RATE_HZ = 16_000;
const FRAME_SAMPLES = 160;
const FRAME_MS = 10;
const BEEP_MS = 100;
const BEEP_HZ = 800;
const beepEveryMs = Number(everyMs);
const beepsMs: number[] = [];

const speakers = await Promise.all(Array.from({ length: Number(people) }, (_, i) => join(`speaker-${i}`)));
process.on('message', (message: FiguresQuestion) => {
  if (message.figures) sendToParent({ figures: { beepsMs } satisfies BeeperFigures });
});
sendToParent({ trackSids: speakers.map(({ trackSid }) => trackSid) } satisfies BeeperReady);

const startMs = monotonicMs();
let frames = 0;
setInterval(() => {
  for (; frames * FRAME_MS < monotonicMs() - startMs; frames++) speak(frames);
}, 5);

async function join(identity: string): Promise<Speaker> {
  const access = new AccessToken(apiKey, apiSecret, { identity, ttl: 600 });
  access.addGrant({ roomJoin: true, room });
  const joined = new Room();
  await joined.connect(url, await access.toJwt(), { autoSubscribe: false, dynacast: false });
  const source = new AudioSource(RATE_HZ, 1, 0);
  const options = new TrackPublishOptions();
  options.source = TrackSource.SOURCE_MICROPHONE;
  const track = LocalAudioTrack.createAudioTrack('mic', source);
  const sid = (await joined.localParticipant?.publishTrack(track, options))?.sid;
  if (sid === undefined) throw new Error('the track was not published');
  return { source, trackSid: sid };
}

function speak(frame: number): void {
  const inTurnMs = (frame * FRAME_MS) % beepEveryMs;
  if (inTurnMs === 0) beepsMs.push(monotonicMs());
  speakers.forEach(({ source }, i) => {
    const amplitude = i === 0 ? (inTurnMs < BEEP_MS ? 12_000 : 0) : 1_500;
    void source.captureFrame(new AudioFrame(tone(frame, amplitude), RATE_HZ, 1, FRAME_SAMPLES)).catch(() => undefined);
  });
}

function tone(frame: number, amplitude: number): Int16Array {
  return Int16Array.from({ length: FRAME_SAMPLES }, (_, i) =>
    Math.round(amplitude * Math.cos((2 * Math.PI * BEEP_HZ * (frame * FRAME_SAMPLES + i)) / RATE_HZ)),
  );
}
