import { afterAll, describe, expect, it } from '@jest/globals';
import type { LeftOutReason } from '../events/domain-events.js';
import type { TranscriptionState } from '../sessions/session-states.port.js';
import { CHECKS, resultsOf, runSessionChecks, type CheckResult } from './checks.js';
import type { SessionSnapshot, TrackSnapshot } from './session-snapshot.js';

const AT = '2026-01-01T10:00:00.000Z';
const LATER = '2026-01-01T10:00:05.000Z';

const TRACK: TrackSnapshot = {
  trackSid: 'TR_1',
  reception: { state: 'streaming' },
  source: 'egress',
  muted: false,
  rate: { framesPerS: 100, rateHz: 48_000 },
  silentForMs: 0,
};
const WELL: SessionSnapshot = {
  sessionId: 's',
  isLive: true,
  liveForMs: 60_000,
  leftOut: [],
  tracks: [TRACK],
  gladia: { state: 'live', reason: '' },
  delivery: { undelivered: 0, firstTranscriptAt: AT, lastDeliveredAt: AT },
  words: { firstAt: AT, lastAt: AT },
  webhooks: { acceptedAtUnixMs: 1 },
  startsByWebhook: true,
};
const rows = CHECKS.filter(({ ofSession }) => ofSession !== undefined);

describe('the rows of a session', () => {
  const found = new Set<string>();

  const look = (facts: Partial<SessionSnapshot> = {}): CheckResult[] =>
    resultsOf(rows, runSessionChecks(rows, { ...WELL, ...facts }));
  const row = (id: string, facts: Partial<SessionSnapshot>): CheckResult => {
    const result = look(facts).find((each) => each.id === id);
    found.add(`${id} ${result!.finding}`);
    expect(result!.state !== 'broken' || result!.remedy !== undefined).toBe(true);
    return result!;
  };
  const track = (facts: Partial<TrackSnapshot>): Partial<SessionSnapshot> => ({ tracks: [{ ...TRACK, ...facts }] });

  it('are all well when words come out', () => {
    expect(Object.fromEntries(look().map(({ id, finding }) => [id, finding]))).toEqual({
      webhooks: 'come',
      'egress-start': 'started',
      sound: 'arrives',
      'left-out': 'none',
      'gladia-slot': 'held',
      'gladia-session': 'live',
      'data-channel': 'delivers',
      'first-transcript': 'out',
    });
    expect(new Set(look({ isLive: false }).map(({ finding }) => finding))).toEqual(new Set(['session-over']));
    expect(row('egress-start', track({ source: 'participant' })).state).toBe('skipped');
  });

  it.each<[string, Partial<SessionSnapshot>]>([
    ['come', { webhooks: { acceptedAtUnixMs: 1, refusedAtUnixMs: 60_001 } }],
    ['refused', { webhooks: { acceptedAtUnixMs: 1, refusedAtUnixMs: 60_002 } }],
    ['refused', { webhooks: { refusedAtUnixMs: 1 }, startsByWebhook: false }],
    ['clock', { webhooks: { refusedAtUnixMs: 1, refusedForItsTime: true } }],
    ['never', { webhooks: {} }],
    ['not-yet', { webhooks: {}, liveForMs: 1_000 }],
    ['not-yet', { webhooks: {}, tracks: [] }],
    ['not-needed', { webhooks: {}, startsByWebhook: false }],
  ])('webhooks: %s', (finding, facts) => {
    expect(row('webhooks', facts).finding).toBe(finding);
  });

  it.each<[string, LeftOutReason]>([
    ['opted-out', 'opted_out'],
    ['source', 'source'],
    ['kind', 'kind'],
    ['encrypted', 'encrypted'],
  ])('left-out: %s', (finding, reason) => {
    const leftOut: SessionSnapshot['leftOut'] = [
      { trackSid: 'TR_1', reason: 'opted_out' },
      { trackSid: 'TR_2', reason },
    ];
    expect(row('left-out', { leftOut }).finding).toBe(finding);
    expect(row('left-out', { leftOut: [] }).finding).toBe('none');
  });

  it.each<[string, Partial<TrackSnapshot>]>([
    ['arrives', { rate: { framesPerS: 50 } }],
    ['arrives', { rate: { framesPerS: 98, rateHz: 47_000 } }],
    ['arrives', { source: 'participant' }],
    ['muted', { muted: true, silentForMs: 60_000 }],
    ['quiet', { silentForMs: 60_000 }],
    ['wrong-rate', { rate: { framesPerS: 100, rateHz: 24_000 } }],
    ['wrong-rate', { rate: { framesPerS: 100, rateHz: 44_100 } }],
    ['wrong-rate', { rate: { framesPerS: 100, rateHz: 96_000 }, muted: true }],
    ['stalled', { rate: { framesPerS: 0, rateHz: 0 } }],
    ['no-socket', { reception: { state: 'restarting', noSocket: true, reason: 'Egress opened no socket: it failed' } }],
    ['restarting', { reception: { state: 'restarting', noSocket: false, reason: 'the audio socket was lost' } }],
    ['waits-for-slot', { reception: { state: 'waiting-for-egress-slot' } }],
    ['failed', { reception: { state: 'failed', reason: 'LiveKit refuses the API key' } }],
    ['starting', { reception: { state: 'starting' } }],
  ])('sound: %s', (finding, facts) => {
    expect(row('sound', track(facts)).finding).toBe(finding);
  });

  it('shows each track, and is as bad as the worst', () => {
    const waiting: TrackSnapshot = {
      trackSid: 'TR_2',
      reception: { state: 'waiting-for-egress-slot' },
      muted: false,
    };
    const result = row('sound', { tracks: [TRACK, waiting] });
    expect(result).toMatchObject({ state: 'broken', finding: 'waits-for-slot' });
    expect(result.parts?.map(({ finding, facts }) => [finding, facts])).toEqual([
      [
        'arrives',
        {
          trackSid: 'TR_1',
          hasSocket: true,
          trackState: 'streaming',
          source: 'egress',
          framesPerS: 100,
          rateHz: 48_000,
          expectedHz: 48_000,
          silentForS: 0,
        },
      ],
      ['waits-for-slot', { trackSid: 'TR_2', hasSocket: false, trackState: 'waiting-for-egress-slot' }],
    ]);
  });

  it('skips what is not there to be heard', () => {
    expect(row('sound', { tracks: [] }).finding).toBe('no-track');
    expect(row('sound', { tracks: [{ trackSid: 'TR_1', muted: false }] }).finding).toBe('not-carried');
  });

  it.each<[TranscriptionState['state'], string, string]>([
    ['live', 'live', 'held'],
    ['draining', 'live', 'held'],
    ['idle', 'idle', 'held'],
    ['connecting', 'connecting', 'held'],
    ['waiting-for-slot', 'waiting', 'none'],
    ['reconnecting', 'reconnecting', 'held'],
    ['refused', 'refused', 'held'],
    ['ended', 'session-over', 'held'],
  ])('Gladia is %s: %s, slot %s', (state, session, slot) => {
    const facts = { gladia: { state, reason: 'why' } };
    expect(row('gladia-session', facts).finding).toBe(session);
    expect(row('gladia-slot', facts).finding).toBe(slot);
  });

  it.each<[string, SessionSnapshot['delivery']]>([
    [
      'delivers',
      { undelivered: 0, lastDeliveredAt: LATER, lastRefusal: { at: AT, reason: 'TimeoutError', forbidden: false } },
    ],
    [
      'lost',
      {
        undelivered: 2,
        lastDeliveredAt: LATER,
        lastRefusal: { at: AT, reason: 'PacketRefused 500', forbidden: false },
      },
    ],
    ['denied', { undelivered: 0, lastRefusal: { at: AT, reason: 'PacketRefused 401', forbidden: true } }],
    [
      'failing',
      {
        undelivered: 1,
        lastDeliveredAt: AT,
        lastRefusal: { at: LATER, reason: 'PacketRefused 503', forbidden: false },
      },
    ],
    ['nothing-yet', { undelivered: 0 }],
  ])('data-channel: %s', (finding, delivery) => {
    expect(row('data-channel', { delivery }).finding).toBe(finding);
  });

  it.each<[string, Partial<SessionSnapshot>]>([
    ['out', {}],
    [
      'not-sent',
      { delivery: { undelivered: 0, lastRefusal: { at: AT, reason: 'PacketRefused 503', forbidden: false } } },
    ],
    ['not-yet', { delivery: { undelivered: 0 } }],
    ['no-words', { delivery: { undelivered: 0 }, words: {} }],
    ['not-yet', { delivery: { undelivered: 0 }, words: {}, gladia: { state: 'reconnecting', reason: '' } }],
    ['not-yet', { delivery: { undelivered: 0 }, words: {}, liveForMs: 5_000 }],
    ['nobody-spoke', { delivery: { undelivered: 0 }, words: {}, ...track({ silentForMs: 9_000 }) }],
  ])('first-transcript: %s', (finding, facts) => {
    expect(row('first-transcript', facts).finding).toBe(finding);
  });

  afterAll(() => {
    const elsewhere = ['egress-start', 'gladia-slot', 'data-channel']; // what they ask outside: deployment-rows.spec.ts
    const missing = rows
      .filter(({ id }) => !elsewhere.includes(id))
      .flatMap(({ id, findings }) => Object.keys(findings).map((finding) => `${id} ${finding}`))
      .filter((each) => !found.has(each));
    expect(missing).toEqual([]);
  });
});
