import { z } from 'zod';
import { TwirpError } from '../livekit/twirp-error.js';

/** How a track is found: by its sid, or whatever audio a participant publishes. */
export type TrackMatch = { readonly trackSid: string } | { readonly identity: string };

/** What goes on the two channels: one track, a track (or some) on each, or everybody mixed. */
export type EgressAudio =
  | { readonly kind: 'track'; readonly match: TrackMatch }
  | { readonly kind: 'routes'; readonly left: readonly TrackMatch[]; readonly right: readonly TrackMatch[] }
  | { readonly kind: 'room' };

/** A request to stream audio to a WebSocket. */
export interface EgressRequest {
  readonly roomName: string;
  readonly url: string;
  readonly audio: EgressAudio;
  /** The part of EgressInfo that repeats the request, its URL masked. */
  readonly echo: object;
}

const trackRequest = z.object({ roomName: z.string(), trackId: z.string(), websocketUrl: z.string() });

const route = z.object({
  trackId: z.string().optional(),
  participantIdentity: z.string().optional(),
  channel: z.enum(['AUDIO_CHANNEL_BOTH', 'AUDIO_CHANNEL_LEFT', 'AUDIO_CHANNEL_RIGHT']).default('AUDIO_CHANNEL_BOTH'),
});
const startRequest = z.object({
  roomName: z.string(),
  media: z.object({
    audio: z.object({ captureAll: z.boolean().default(false), routes: z.array(route).default([]) }),
  }),
  outputs: z.array(z.object({ stream: z.object({ protocol: z.literal('WEBSOCKET'), urls: z.array(z.string()) }) })),
});
type Route = z.infer<typeof route>;

/** Reads a `TrackEgressRequest`; only its WebSocket form is served. */
export function readTrackRequest(body: unknown): EgressRequest {
  const { roomName, trackId, websocketUrl } = readOr('only websocketUrl is served here', trackRequest, body);
  return {
    roomName,
    url: checkUrl(websocketUrl),
    audio: { kind: 'track', match: { trackSid: trackId } },
    echo: { track: { roomName, trackId, websocketUrl: maskQuery(websocketUrl) } },
  };
}

/** Reads a `StartEgressRequest` (v2) of media audio and one WebSocket. */
export function readStartRequest(body: unknown): EgressRequest {
  const request = readOr('only media audio to a WEBSOCKET is served here', startRequest, body);
  const url = checkUrl(request.outputs[0]?.stream.urls[0] ?? '');
  const { captureAll, routes } = request.media.audio;
  const outputs = [{ stream: { protocol: 'WEBSOCKET', urls: [maskQuery(url)] } }];
  return {
    roomName: request.roomName,
    url,
    audio: captureAll ? { kind: 'room' } : routesAudio(routes),
    echo: { egress: { roomName: request.roomName, media: request.media, outputs } },
  };
}

function routesAudio(routes: readonly Route[]): EgressAudio {
  if (routes.length === 0) throw new TwirpError('invalid_argument', 'no audio is asked for');
  const on = (other: Route['channel']): TrackMatch[] => routes.filter((r) => r.channel !== other).map(matchOf);
  return { kind: 'routes', left: on('AUDIO_CHANNEL_RIGHT'), right: on('AUDIO_CHANNEL_LEFT') };
}

function matchOf({ trackId, participantIdentity }: Route): TrackMatch {
  if (trackId !== undefined) return { trackSid: trackId };
  if (participantIdentity !== undefined) return { identity: participantIdentity };
  throw new TwirpError('unimplemented', 'routes are matched by track or identity here');
}

function checkUrl(url: string): string {
  if (!/^wss?:\/\//.test(url)) throw new TwirpError('invalid_argument', `invalid websocket url: ${maskQuery(url)}`);
  return url;
}

function readOr<T>(complaint: string, schema: z.ZodType<T>, body: unknown): T {
  const read = schema.safeParse(body);
  if (!read.success) throw new TwirpError('invalid_argument', complaint);
  return read.data;
}

/** A URL as EgressInfo repeats it in the request: every query value masked. */
function maskQuery(url: string): string {
  return url.replace(/([?&][^=&]+)=[^&]*/g, '$1={...}');
}
