/** More would all begin before the load shows what they cost. */
const AT_ONCE = 10;

/**
 * Which rooms may get a session now. While there is no room for more they wait; when the load has fallen they begin ten at
 * each look, so that they do not bring it back.
 */
export class RoomAdmission {
  readonly #waiting = new Set<string>();
  #begun = 0;

  constructor(private readonly overload: { readonly overloaded: boolean }) {}

  /** How many rooms wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** The rooms are looked at anew. @param isOver whether a room that waits needs to wait no longer */
  look(isOver: (room: string) => boolean): void {
    this.#begun = 0;
    for (const room of this.#waiting) if (isOver(room)) this.#waiting.delete(room);
  }

  admits(room: string): boolean {
    if (this.overload.overloaded || (this.#waiting.size > 0 && this.#begun >= AT_ONCE)) {
      this.#waiting.add(room);
      return false;
    }
    this.#waiting.delete(room);
    this.#begun += 1;
    return true;
  }
}
