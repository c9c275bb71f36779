/** LiveKit refused a call, or could not be asked. */
export class EgressApiError extends Error {
  override readonly name = 'EgressApiError';

  constructor(
    /** For people who look after the service: no secrets, no names. */
    readonly reason: string,
    /** False when asking again cannot help until somebody changes something. */
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

/** Starting and stopping Egress at LiveKit. Methods reject with EgressApiError. */
export abstract class EgressApi {
  /** Resolves with the egress's id. Egress dials `websocketUrl` once, perhaps before this resolves. */
  abstract startTrack(room: string, trackSid: string, websocketUrl: string): Promise<string>;

  /** Asks an egress to end; it drains first. One that is gone already counts as stopped. */
  abstract stop(egressId: string): Promise<void>;
}
