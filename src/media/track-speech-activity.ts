/** Which tracks have speech. Provided by the mixer, for those who choose between tracks. */
export abstract class TrackSpeechActivity {
  /** How long the track has been without speech; undefined while it is not in the mix. */
  abstract silentForMs(sessionId: string, trackSid: string): number | undefined;
}
