/** What a track of sound is of, as LiveKit says it. */
export type TrackKind = 'microphone' | 'screen_share_audio' | 'unknown' | 'other';
