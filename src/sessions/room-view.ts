import type { RoomParticipant, RoomTrack } from './rooms.js';

/** For how long LiveKit's lists may lack what a webhook has announced. */
const TRUST_MS = 10_000;
/** For how long LiveKit's lists may still name what a webhook has declared gone. */
const GONE_MS = 60_000;
/** Lists in a row that must lack somebody before they count as gone. */
const MISSING_FROM_LISTS = 2;

interface Entry<T> {
  readonly value: T;
  /** When a webhook announced what no list has named since. */
  readonly announcedAtMs: number | undefined;
  /** Lists in a row that lacked it. */
  readonly missed: number;
}

interface TrackOf {
  readonly participantSid: string;
  readonly track: RoomTrack;
}

/** A change of a room that a webhook reports. */
export type RoomChange =
  | { readonly kind: 'joined'; readonly participant: RoomParticipant }
  | {
      readonly kind: 'left';
      readonly participantSid: string;
      /** The identity of who was removed by a moderator; undefined for who left. */
      readonly removed?: string | undefined;
    }
  | { readonly kind: 'published'; readonly participantSid: string; readonly track: RoomTrack }
  | { readonly kind: 'unpublished'; readonly trackSid: string }
  | { readonly kind: 'finished' };

/**
 * Who and what is in a room, as LiveKit's lists and its webhooks together say. Lists lag behind webhooks and can miss
 * somebody; webhooks get lost and come late or twice. So each can add; a webhook removes at once, and a list only when the
 * next one agrees. SIDs are never used again, so that what has gone cannot be brought back by a late webhook or an old list.
 */
export class RoomView {
  readonly #people = new Map<string, Entry<RoomParticipant>>();
  readonly #tracks = new Map<string, Entry<TrackOf>>();
  /** SIDs of participants and tracks that a webhook declared gone, and when. */
  readonly #gone = new Map<string, number>();
  #agreed = true;

  /** @param isReceived whether audio of a track is received, which then is there whatever a list says */
  constructor(private readonly isReceived: (trackSid: string) => boolean = () => false) {}

  /** Whether the last list named all that webhooks had announced, and nothing that they had declared gone. */
  get agreed(): boolean {
    return this.#agreed;
  }

  /** Everybody in the room; of two connections under one identity, the later. */
  get participants(): RoomParticipant[] {
    const byIdentity = new Map([...this.#people.values()].map(({ value }) => [value.identity, value]));
    return [...byIdentity.values()].map((person) => ({ ...person, audioTracks: this.#tracksOf(person.sid) }));
  }

  /** A webhook has come. Whose joining is not known yet must be found by a list: only that says what kind they are. */
  apply(change: RoomChange, nowMs: number): void {
    if (change.kind === 'finished') for (const sid of [...this.#people.keys()]) this.#remove(sid, nowMs);
    if (change.kind === 'left') this.#remove(change.participantSid, nowMs);
    if (change.kind === 'unpublished') this.#remove(change.trackSid, nowMs);
    if (change.kind === 'joined') this.#add(this.#people, change.participant.sid, change.participant, nowMs);
    if (change.kind === 'published') {
      const { participantSid, track } = change;
      this.#add(this.#tracks, track.sid, { participantSid, track }, nowMs);
    }
  }

  /** LiveKit has listed the room. */
  list(listed: readonly RoomParticipant[], nowMs: number): void {
    for (const [sid, atMs] of this.#gone) if (nowMs - atMs > GONE_MS) this.#gone.delete(sid);
    const tracks = listed.flatMap(({ sid, audioTracks }) =>
      audioTracks.map((track) => [track.sid, { participantSid: sid, track }] as const),
    );
    const people = listed.map((person) => [person.sid, person] as const);
    const current = new Set(tracks.map(([, track]) => sourceKey(track)));
    const isReplaced = (track: TrackOf): boolean => current.has(sourceKey(track));
    const agreed = [
      this.#compare(this.#people, people, nowMs, () => false),
      this.#compare(this.#tracks, tracks, nowMs, isReplaced),
    ];
    this.#agreed = agreed.every(Boolean);
  }

  #tracksOf(participantSid: string): RoomTrack[] {
    return [...this.#tracks.values()].filter(({ value }) => value.participantSid === participantSid).map(trackOf);
  }

  #add<T>(all: Map<string, Entry<T>>, sid: string, value: T, nowMs: number): void {
    if (this.#gone.has(sid)) return;
    all.set(sid, { value: all.get(sid)?.value ?? value, announcedAtMs: nowMs, missed: 0 });
  }

  #remove(sid: string, nowMs: number): void {
    this.#gone.set(sid, nowMs);
    this.#people.delete(sid);
    this.#tracks.delete(sid);
  }

  /** @returns whether list and view agreed */
  #compare<T>(
    all: Map<string, Entry<T>>,
    listed: readonly (readonly [string, T])[],
    nowMs: number,
    isReplaced: (value: T) => boolean,
  ): boolean {
    let agreed = true;
    const sids = new Set(listed.map(([sid]) => sid));
    for (const [sid, value] of listed) {
      if (this.#gone.has(sid)) agreed = false;
      else all.set(sid, { value, announcedAtMs: undefined, missed: 0 });
    }
    for (const [sid, entry] of all) {
      if (sids.has(sid)) continue;
      if (entry.announcedAtMs === undefined && isReplaced(entry.value)) {
        all.delete(sid);
        continue;
      }
      agreed = false;
      const missed = entry.missed + 1;
      const isTrusted = entry.announcedAtMs !== undefined && nowMs - entry.announcedAtMs < TRUST_MS;
      if (missed < MISSING_FROM_LISTS || isTrusted || this.#isReceived(sid)) all.set(sid, { ...entry, missed });
      else all.delete(sid);
    }
    return agreed;
  }

  #isReceived(sid: string): boolean {
    if (this.#tracks.has(sid)) return this.isReceived(sid);
    return this.#tracksOf(sid).some((track) => this.isReceived(track.sid));
  }
}

/** Who publishes from the same source again has replaced the former track. */
const sourceKey = ({ participantSid, track }: TrackOf): string => `${participantSid} ${track.source}`;

const trackOf = ({ value: { track } }: Entry<TrackOf>): RoomTrack => track;
