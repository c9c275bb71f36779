/** The source of an audio track, as LiveKit reports it. */
export type TrackKind = 'microphone' | 'screen_share_audio' | 'unknown' | 'other';
