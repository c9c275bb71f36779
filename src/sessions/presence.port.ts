/** Who is in the room of a live session now. Provided by the sessions module. */
export abstract class Presence {
  /** Somebody who has only just joined is looked for in LiveKit's list. */
  abstract isInRoom(sessionId: string, identity: string): Promise<boolean>;
}
