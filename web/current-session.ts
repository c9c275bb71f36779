/** The page's address and token, and the session that it shows. */
export interface PageAddress {
  readonly token: string;
  /** Named in the address; else the newest session that is live, and the next one after it. */
  readonly sessionId: string | undefined;
}

export interface FoundSession {
  readonly id: string;
  readonly room: string;
}

/** The token is not valid, or not for this session. */
export class Refused extends Error {}

const POLL_MS = 2_000;

/** What the address says: `#token=…&session=…`; the page may bring a token of its own. */
export function pageAddress(): PageAddress {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = document.querySelector<HTMLMetaElement>('meta[name="roomscribe-token"]')?.content ?? '';
  return {
    token: fragment.get('token') ?? decodeURIComponent(given),
    sessionId: fragment.get('session') ?? undefined,
  };
}

/**
 * The session to show; waits until there is one.
 *
 * @param tell gets a sentence while it waits
 * @param after the session that was shown before: another one is waited for
 * @throws Refused
 */
export async function currentSession(
  { token, sessionId }: PageAddress,
  tell: (sentence: string) => void,
  after?: string,
): Promise<FoundSession> {
  for (;;) {
    try {
      const found = await lookUp(token, sessionId);
      if (found && found.id !== after) return found;
      if (after === undefined) tell('Waiting for a session to begin.');
    } catch (error) {
      if (error instanceof Refused) throw error;
      tell('The service cannot be reached. Trying again.');
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function lookUp(token: string, sessionId: string | undefined): Promise<FoundSession | undefined> {
  const path =
    sessionId === undefined ? 'sessions?status=live&limit=1000' : `sessions/${encodeURIComponent(sessionId)}`;
  const response = await fetch(path, { headers: { Authorization: `Bearer ${token}` }, cache: 'no-store' });
  if (response.status === 401 || response.status === 403) throw new Refused();
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const found = (await response.json()) as FoundSession | FoundSession[];
  return Array.isArray(found) ? found.at(-1) : found;
}
