/** Where Egress dials: `/egress/audio/{sessionId}/{trackId}?token=…`. */
export const EGRESS_AUDIO_PATH = '/egress/audio';

export interface EgressAddress {
  readonly sessionId: string;
  readonly trackSid: string;
  readonly token: string;
}

const FORM = /^\/egress\/audio\/([\w-]{1,64})\/([\w-]{1,64})$/;

/** Undefined when the path is no address of ours. */
export function parseEgressAddress(requestUrl: string | undefined): EgressAddress | undefined {
  const [path = '', query = ''] = (requestUrl ?? '').split('?', 2);
  const [, sessionId, trackSid] = FORM.exec(path) ?? [];
  if (sessionId === undefined || trackSid === undefined) return undefined;
  return { sessionId, trackSid, token: new URLSearchParams(query).get('token') ?? '' };
}
