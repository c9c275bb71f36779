interface Participant {
  name: string;
  readonly trackSids: Set<string>;
}

/** The participants of a session's room, with their tracks. */
export class SessionParticipants {
  readonly #participants = new Map<string, Participant>();

  joined(identity: string, name: string): void {
    const known = this.#participants.get(identity);
    if (known === undefined) this.#participants.set(identity, { name, trackSids: new Set() });
    else known.name = name;
  }

  published(identity: string, name: string, trackSid: string): void {
    this.joined(identity, name);
    this.#participants.get(identity)?.trackSids.add(trackSid);
  }

  unpublished(trackSid: string): void {
    for (const { trackSids } of this.#participants.values()) trackSids.delete(trackSid);
  }

  nameOf(identity: string): string | undefined {
    return this.#participants.get(identity)?.name;
  }

  tracksOf(identity: string): string[] {
    return [...(this.#participants.get(identity)?.trackSids ?? [])];
  }
}
