interface Person {
  name: string;
  readonly trackSids: Set<string>;
}

/** Who is in a session's room, and their tracks. */
export class SessionParticipants {
  readonly #people = new Map<string, Person>();

  joined(identity: string, name: string): void {
    const known = this.#people.get(identity);
    if (known === undefined) this.#people.set(identity, { name, trackSids: new Set() });
    else known.name = name;
  }

  published(identity: string, name: string, trackSid: string): void {
    this.joined(identity, name);
    this.#people.get(identity)?.trackSids.add(trackSid);
  }

  unpublished(trackSid: string): void {
    for (const { trackSids } of this.#people.values()) trackSids.delete(trackSid);
  }

  nameOf(identity: string): string | undefined {
    return this.#people.get(identity)?.name;
  }

  tracksOf(identity: string): string[] {
    return [...(this.#people.get(identity)?.trackSids ?? [])];
  }
}
