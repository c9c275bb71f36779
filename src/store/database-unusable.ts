/** The database cannot be used at all. The message says what to do, and never contains the address. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable';
}
