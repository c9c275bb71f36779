import type { RoomGrants } from '../livekit/room-access.js';
import type { SessionEntry } from './session-directory.port.js';

/** Decides who reads what was said in a session. Provided by the sessions module. */
export abstract class ReadingRights {
  /**
   * Whether the caller may read it now: with roomAdmin always; with a token that may join and listen, who is or was in that
   * session; with a display's token, while the session runs and for a while after. The answer can change, so streams ask
   * again. Rejects when the database cannot be asked.
   */
  abstract mayRead(grants: RoomGrants, session: SessionEntry): Promise<boolean>;
}
