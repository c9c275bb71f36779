/** Egress dials `/egress/audio/{sessionId}/{trackId}?token=…`; for a pair of tracks, `{leftTrackId},{rightTrackId}`. */
export const EGRESS_AUDIO_PATH = '/egress/audio';

export interface EgressAddress {
  readonly sessionId: string;
  /** The last part of the path; the token is valid for it alone. */
  readonly target: string;
  /** One track, or two: left and right. */
  readonly trackSids: readonly string[];
  readonly token: string;
}

const FORM = /^\/egress\/audio\/([\w-]{1,64})\/([\w-]{1,64}(?:,[\w-]{1,64})?)$/;

/** Undefined for any other path. */
export function parseEgressAddress(requestUrl: string | undefined): EgressAddress | undefined {
  const [path = '', query = ''] = (requestUrl ?? '').replaceAll('%2C', ',').split('?', 2);
  const [, sessionId, target] = FORM.exec(path) ?? [];
  if (sessionId === undefined || target === undefined) return undefined;
  return { sessionId, target, trackSids: target.split(','), token: new URLSearchParams(query).get('token') ?? '' };
}
