import type { RoomParticipant, RoomTrack } from './rooms.js';

/** For how long LiveKit's lists may lack what a webhook has announced. */
const TRUST_MS = 10_000;
/** For how long LiveKit's lists may still name what a webhook has declared gone. */
const GONE_MS = 60_000;
/** Looks in a row that must lack somebody before they count as gone. */
const MISSED_LOOKS = 2;

interface Sighting<T> {
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
export type RoomNews =
  | { readonly kind: 'joined'; readonly participant: RoomParticipant }
  | { readonly kind: 'left'; readonly participantSid: string }
  | { readonly kind: 'published'; readonly participantSid: string; readonly track: RoomTrack }
  | { readonly kind: 'unpublished'; readonly trackSid: string }
  | { readonly kind: 'finished' };

/**
 * Who and what is in a room, as LiveKit's lists and its webhooks together say. Lists lag behind webhooks and can miss
 * somebody; webhooks get lost and come late or twice. So each can add; a webhook removes at once, and a list only when the
 * next one agrees. SIDs are never used again, so that what has gone cannot be brought back by a late webhook or an old list.
 */
export class RoomView {
  readonly #people = new Map<string, Sighting<RoomParticipant>>();
  readonly #tracks = new Map<string, Sighting<TrackOf>>();
  /** SIDs of participants and tracks that a webhook declared gone, and when. */
  readonly #gone = new Map<string, number>();
  #agreed = true;

  /** @param isHeard whether sound of a track arrives, which then is there whatever a list says */
  constructor(private readonly isHeard: (trackSid: string) => boolean = () => false) {}

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
  note(news: RoomNews, nowMs: number): void {
    if (news.kind === 'finished') for (const sid of [...this.#people.keys()]) this.#lose(sid, nowMs);
    if (news.kind === 'left') this.#lose(news.participantSid, nowMs);
    if (news.kind === 'unpublished') this.#lose(news.trackSid, nowMs);
    if (news.kind === 'joined') this.#see(this.#people, news.participant.sid, news.participant, nowMs);
    if (news.kind === 'published') {
      const { participantSid, track } = news;
      this.#see(this.#tracks, track.sid, { participantSid, track }, nowMs);
    }
  }

  /** LiveKit has listed the room. */
  list(listed: readonly RoomParticipant[], nowMs: number): void {
    for (const [sid, atMs] of this.#gone) if (nowMs - atMs > GONE_MS) this.#gone.delete(sid);
    const tracks = listed.flatMap(({ sid, audioTracks }) =>
      audioTracks.map((track) => [track.sid, { participantSid: sid, track }] as const),
    );
    const people = listed.map((person) => [person.sid, person] as const);
    const current = new Set(tracks.map(([, track]) => microphoneOf(track)));
    const isReplaced = (track: TrackOf): boolean => current.has(microphoneOf(track));
    const agreed = [
      this.#compare(this.#people, people, nowMs, () => false),
      this.#compare(this.#tracks, tracks, nowMs, isReplaced),
    ];
    this.#agreed = agreed.every(Boolean);
  }

  #tracksOf(participantSid: string): RoomTrack[] {
    return [...this.#tracks.values()].filter(({ value }) => value.participantSid === participantSid).map(trackOf);
  }

  #see<T>(all: Map<string, Sighting<T>>, sid: string, value: T, nowMs: number): void {
    if (this.#gone.has(sid)) return;
    all.set(sid, { value: all.get(sid)?.value ?? value, announcedAtMs: nowMs, missed: 0 });
  }

  #lose(sid: string, nowMs: number): void {
    this.#gone.set(sid, nowMs);
    this.#people.delete(sid);
    this.#tracks.delete(sid);
  }

  /** @returns whether list and view agreed */
  #compare<T>(
    all: Map<string, Sighting<T>>,
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
    for (const [sid, sighting] of all) {
      if (sids.has(sid)) continue;
      if (sighting.announcedAtMs === undefined && isReplaced(sighting.value)) {
        all.delete(sid);
        continue;
      }
      agreed = false;
      const missed = sighting.missed + 1;
      const isTrusted = sighting.announcedAtMs !== undefined && nowMs - sighting.announcedAtMs < TRUST_MS;
      if (missed < MISSED_LOOKS || isTrusted || this.#isHeard(sid)) all.set(sid, { ...sighting, missed });
      else all.delete(sid);
    }
    return agreed;
  }

  #isHeard(sid: string): boolean {
    if (this.#tracks.has(sid)) return this.isHeard(sid);
    return this.#tracksOf(sid).some((track) => this.isHeard(track.sid));
  }
}

/** Who publishes from the same source again has replaced the former track. */
const microphoneOf = ({ participantSid, track }: TrackOf): string => `${participantSid} ${track.source}`;

const trackOf = ({ value: { track } }: Sighting<TrackOf>): RoomTrack => track;
