/** Which tracks carry speech. Provided by the mixer, for whoever has to choose between them. */
export abstract class TrackSpeechActivity {
  /** How long the track has been without speech, in milliseconds; undefined while none of its sound is in the mix. */
  abstract silentForMs(sessionId: string, trackSid: string): number | undefined;
}
