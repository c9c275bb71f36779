/** A secret, or what gets a fresh one each time that one is needed. */
export type Credential = string | (() => string | Promise<string>);

/** @throws what the given function throws */
export const read = async (credential: Credential): Promise<string> =>
  typeof credential === 'function' ? credential() : credential;

/** The request headers that carry a LiveKit access token. */
export const bearer = async (token: Credential | undefined): Promise<Record<string, string>> =>
  token === undefined ? {} : { Authorization: `Bearer ${await read(token)}` };
