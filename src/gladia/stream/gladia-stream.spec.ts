import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IMPATIENT, missing, settingsFor, TestStream } from '../stream.spec-kit.js';
import { TestGladiaServer, transcript, type ResumeOffset } from '../gladia-server.spec-kit.js';
import { timePasses, useVirtualTime } from '../../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

describe('GladiaStream', () => {
  let server: TestGladiaServer;
  const streams: TestStream[] = [];

  const open = (...args: Parameters<typeof settingsFor> extends [string, ...infer Rest] ? Rest : never): TestStream => {
    const opened = new TestStream(settingsFor(server.origin, ...args));
    streams.push(opened);
    return opened;
  };

  beforeEach(async () => {
    server = await new TestGladiaServer().start();
  });

  afterEach(async () => {
    for (const { stream } of streams.splice(0)) stream.abort();
    await server.stop();
  });

  it('sends every sample, gets the words on the session clock, and ends with the session', async () => {
    server.audioReceived = (socket, kept) => {
      if (kept === 16_000) socket.send(transcript('00_0', true, ' Hello world', 0.2, 0.8));
      return true;
    };
    const { output, stream } = open();
    const speaker = streams[0]!;
    speaker.write(50);
    await output.when('the final', () => output.finals.length === 1);
    expect(stream.report.acknowledgment).toEqual({ unacknowledgedMs: expect.any(Number), roundTripMs: 0 });
    stream.close();
    await output.state('ended');
    expect(missing(server.sessions[0]!.kept, speaker.written)).toBe(0);
    expect(server.sessions[0]!.kept).toHaveLength(speaker.written);
    expect(server.sessions[0]!.stops).toBe(1);
    expect(output.states).toEqual(['live', 'draining', 'ended']);
    expect(output.utterances[0]).toMatchObject({ text: 'Hello world', startMs: 200, endMs: 800, final: true });
    expect(output.utterances[0]!.words[1]).toEqual({ text: 'world', startMs: 500, endMs: 800, confidence: 0.9 });
    expect(stream.report.counters).toMatchObject({
      bytesSent: 32_000,
      bytesAcknowledged: 32_000,
      gapMs: 0,
      backlogMs: 0,
    });
  });

  it('is live again with the first words, also where the server never acknowledges', async () => {
    server.acknowledges = false;
    server.startsRecording = false;
    server.audioReceived = (socket, kept) => {
      if (kept >= 8_000) socket.send(transcript('00_0', false, ' heard', 0.1, 0.4));
      return false;
    };
    const { output } = open();
    streams[0]!.write(30);
    await output.state('live');
  });

  it('ends at once, without a session left open, when nothing was ever said', async () => {
    const { output, stream } = open();
    stream.close();
    await output.state('ended');
    expect(output.gaps).toEqual([]);
  });

  it.each<ResumeOffset>(['received', 'acked', 'reset'])(
    'loses no sample and keeps the time when the connection drops mid-utterance and the server continues from %s',
    async (resumeOffset) => {
      server.resumeOffset = resumeOffset;
      let [keptAtResume, acknowledgedAtResume] = [0, 0];
      server.opened = (socket) => {
        keptAtResume = socket.session.kept.length;
        acknowledgedAtResume = socket.session.acknowledgedBytes / 2;
        // Acknowledges what came on the connection before; it is not about what comes on this one.
        if (socket.index === 1) socket.send({ type: 'audio_chunk', data: { byte_range: [15_360, 16_640] } });
      };
      server.audioReceived = ({ index, ws }, kept) => {
        if (index === 0 && kept >= 12_000) ws.terminate();
        return index > 0 || kept < 8_000; // some is received, but never acknowledged
      };
      const speaker = open();
      await speaker.output.state('live');
      speaker.write(40);
      await speaker.output.state('reconnecting');
      speaker.write(40);
      await server.when('all audio', () => missing(server.sessions[0]!.kept, speaker.written) === 0);
      const [session] = server.sessions;
      const counted = session!.kept.length - (resumeOffset === 'reset' ? keptAtResume : 0);
      const at = counted / 16_000 - 0.2;
      session!.sockets.at(-1)!.send(JSON.stringify(transcript('00_7', true, ' here', at, at + 0.1)));
      await speaker.output.when('the final', () => speaker.output.finals.length === 1);
      expect(speaker.output.utterances.at(-1)).toMatchObject({ startMs: speaker.written / 16 - 200 });
      expect(session!.kept.length).toBe(
        speaker.written + (resumeOffset === 'acked' ? 0 : keptAtResume - acknowledgedAtResume),
      );
      expect(server.sessions).toHaveLength(1);
      speaker.stream.close();
      await speaker.output.state('ended');
      expect(speaker.output.gaps).toEqual([]);
    },
  );

  it.each([1011, 4500, 4403, 4408, 1000, 1001, 1008, 1009, 4429])(
    'backs off from a server that accepts and closes with %i',
    async (code) => {
      const openedAtMs: number[] = [];
      server.opened = ({ ws }) => {
        openedAtMs.push(performance.now());
        ws.close(code);
      };
      const speaker = open({}, { backoff: { baseMs: 100, capMs: 10_000 } });
      speaker.write(10);
      await server.when('four connections', () => server.sockets >= 4);
      expect(speaker.stream.report.state).toBe(code === 4429 ? 'waiting-for-slot' : 'reconnecting');
      await server.when('one more', () => openedAtMs.length >= 5);
      expect(openedAtMs[4]! - openedAtMs[3]!).toBeGreaterThan(300);
    },
  );

  it('creates a new session after four failed attempts, or two refused upgrades', async () => {
    server.refuseUpgrade = (nth) => (nth < 2 ? 403 : undefined);
    server.opened = ({ index, ws }) => {
      if (index < 4) ws.close(1011);
    };
    const speaker = open();
    speaker.write(10);
    await speaker.output.state('live');
    await server.when('audio', () => (server.sessions[2]?.kept.length ?? 0) > 0);
    expect(server.sessions).toHaveLength(3);
    expect(server.upgrades).toBe(7);
  });

  it('continues in a new session where the old one died, and fetches what the old one still had', async () => {
    server.result = ({ id }) =>
      id === 'session-0' ? { status: 'done', result: { transcription: { utterances: [early] } } } : { status: 'done' };
    const early = { text: ' early words', start: 0.1, end: 0.4, language: 'en', confidence: 1, words: [] };
    server.audioReceived = ({ session, ws }, kept) => {
      if (session.id === 'session-0' && kept >= 24_000) ws.close(4403);
      return true;
    };
    const speaker = open();
    await speaker.output.state('live');
    speaker.write(76);
    await server.when('a new session', () => server.sessions.length === 2);
    speaker.write(50);
    await speaker.output.when('the fetched words', () => speaker.output.finals.includes('early words'));
    const kept = () => server.sessions.flatMap((session) => session.kept);
    await server.when('all audio', () => missing(kept(), speaker.written) === 0);
    const [, session] = server.sessions;
    session!.sockets[0]!.send(JSON.stringify(transcript('00_0', true, ' later', 0.5, 0.6)));
    await speaker.output.when('the later word', () => speaker.output.finals.includes('later'));
    expect(speaker.output.utterances.at(-1)!.startMs).toBe(session!.kept[0]! / 16 + 500);
  });

  it('does not emit again in a new session what the old one emitted just before it died', async () => {
    let isOver = false;
    server.audioReceived = (socket, kept) => {
      if (isOver || kept < 23_680) return true;
      isOver = true;
      socket.send(transcript('00_0', true, ' one two three', 0.6, 1.44));
      socket.ws.close(4403);
      return true;
    };
    const speaker = open();
    await speaker.output.state('live');
    for (let sent = 0; sent < 75; sent += 5) {
      speaker.write(5);
      await server.when('its audio', () => server.sessions[0]!.kept.length >= (sent + 4) * 320);
    }
    await server.when('a new session', () => server.sessions.length === 2);
    speaker.write(50);
    await server.when('its audio', () => (server.sessions[1]?.kept.length ?? 0) > 16_000);
    const [, session] = server.sessions;
    const at = (ms: number) => ms / 1000 - session!.kept[0]! / 16_000;
    session!.sockets[0]!.send(JSON.stringify(transcript('00_0', true, ' free four', at(1_100), at(1_800))));
    await speaker.output.when('the second final', () => speaker.output.finals.length === 2);
    expect(speaker.output.finals).toEqual(['one two three', 'four']);
  });

  it('sends stop_recording again when the connection drops after it', async () => {
    server.stopped = ({ session, ws }) => {
      if (session.stops > 1) return true;
      ws.terminate();
      return false;
    };
    const { output, stream } = open();
    streams[0]!.write(20);
    await output.state('live');
    stream.close();
    await output.state('ended');
    expect(server.sessions[0]!.stops).toBe(2);
    expect(output.gaps).toEqual([]);
  });

  it('stops while reconnecting: the rest is sent, then recording is stopped', async () => {
    server.audioReceived = ({ index, ws }) => {
      if (index === 0) ws.terminate();
      return index > 0;
    };
    const speaker = open();
    speaker.write(20);
    await speaker.output.state('reconnecting');
    speaker.write(20);
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(missing(server.sessions[0]!.kept, speaker.written)).toBe(0);
    expect(server.sessions[0]!.stops).toBe(1);
    expect(speaker.output.states.slice(-2)).toEqual(['draining', 'ended']);
  });

  it('fetches the result when the server closes without `end_session`, and makes the last partial final otherwise', async () => {
    server.sendsEnd = false;
    let requests = 0;
    const missed = { text: ' missed words', start: 0.1, end: 0.3, words: [] };
    const known = { text: ' Known words.', start: 0.45, end: 0.62, words: [] };
    server.result = () => {
      requests += 1;
      if (requests === 1) return undefined;
      if (requests === 2) return { status: 'processing', result: null };
      return { status: 'done', result: { transcription: { utterances: [missed, known] } } };
    };
    server.audioReceived = (socket, kept) => {
      if (kept === 16_000) {
        socket.send(transcript('00_1', true, ' known words', 0.4, 0.6));
        socket.send(transcript('00_2', false, ' only partly', 0.7, 0.9));
      }
      return true;
    };
    const speaker = open();
    speaker.write(50);
    await speaker.output.when('the partial', () => speaker.output.utterances.length === 2);
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(speaker.output.finals).toEqual(['known words', 'missed words', 'only partly']);
    expect(new Set(speaker.output.utterances.map(({ id }) => id)).size).toBe(3);
  });

  it('accepts a final that comes after stop_recording, and ends by itself when no `end_session` comes', async () => {
    server.stopped = (socket) => {
      socket.send(transcript('00_0', true, ' late words', 0.1, 0.3));
      return false;
    };
    const speaker = open({ drainTimeoutMs: 300 });
    speaker.write(25);
    await speaker.output.state('live');
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(speaker.output.finals).toEqual(['late words']);
    expect(speaker.output.gaps).toEqual([]);
  });

  it('survives malformed messages and reads what follows', async () => {
    server.opened = (socket) => {
      for (const text of ['no json', '[]', 'null', '{}', '{"type":"weird"}', '{"type":"transcript"}', '{"type":7}']) {
        socket.ws.send(text);
      }
      socket.ws.send(Buffer.from([1, 2, 3]), { binary: true });
      socket.send({ type: 'error', data: { code: 1, message: 'x' } });
      socket.send(transcript('00_0', false, ' still here', 0, 0.1));
    };
    const speaker = open();
    speaker.write(10);
    await speaker.output.when('the partial', () => speaker.output.utterances.length === 1);
    expect(speaker.stream.report.counters.malformed).toBe(8);
  });

  it.each([400, 401, 402, 403, 422])('does not retry after %i', async (status) => {
    server.refusePost = () => ({ status });
    const speaker = open();
    speaker.write(20);
    await speaker.output.state('refused');
    expect(speaker.output.reasons.join()).not.toContain('secret');
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(server.requests).toHaveLength(1);
    expect(speaker.output.gaps).toEqual([{ startMs: 0, endMs: 400 }]);
  });

  it('waits as long as a 429 asks for, keeps the audio, and catches up', async () => {
    const requestedAt: number[] = [];
    server.refusePost = (nth) => {
      requestedAt.push(performance.now());
      return nth === 0 ? { status: 429, retryAfter: '0.3' } : undefined;
    };
    const speaker = open();
    speaker.write(50);
    await speaker.output.state('waiting-for-slot');
    await speaker.output.state('live');
    await server.when('all audio', () => server.sessions[0]!.kept.length === speaker.written);
    expect(requestedAt[1]! - requestedAt[0]!).toBeGreaterThanOrEqual(295);
  });

  it('sends no request for any session while Gladia asks to wait', async () => {
    const requestedAtMs: number[] = [];
    server.refusePost = () => {
      requestedAtMs.push(performance.now());
      return requestedAtMs.length === 1 ? { status: 429, retryAfter: '0.4' } : undefined;
    };
    const first = open();
    await first.output.state('waiting-for-slot');
    const others = [1, 2].map(() => new TestStream(settingsFor(server.origin), first.client));
    streams.push(...others);
    for (const { output } of others) await output.state('waiting-for-slot');
    await first.output.state('live');
    expect(requestedAtMs[1]! - requestedAtMs[0]!).toBeGreaterThanOrEqual(395);
  });

  it.each([429, 503])('waits as long as a refused upgrade asks for (%i)', async (status) => {
    const connectedAtMs: number[] = [];
    server.upgradeRetryAfter = '0.4';
    server.refuseUpgrade = () => (connectedAtMs.push(performance.now()) === 1 ? status : undefined);
    const speaker = open();
    await speaker.output.state('live');
    expect(connectedAtMs[1]! - connectedAtMs[0]!).toBeGreaterThanOrEqual(395);
  });

  it('retries after 500, 408 and an invalid answer', async () => {
    const broken = server.socketUrl;
    server.refusePost = (nth) => ({ 0: { status: 500 }, 1: { status: 408 } })[nth];
    server.socketUrl = (origin, id) => (id === 'session-0' ? 'ftp://nowhere' : broken(origin, id));
    const speaker = open();
    speaker.write(10);
    await speaker.output.state('live');
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(4);
  });

  it('reconnects when acknowledgments stop', async () => {
    server.audioReceived = ({ index }, kept) => index > 0 || kept < 4_000;
    const speaker = open({}, IMPATIENT);
    await speaker.output.state('live');
    speaker.write(25);
    await speaker.output.state('reconnecting');
    await server.when('a second socket', () => server.sockets === 2);
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(missing(server.sessions[0]!.kept, speaker.written)).toBe(0);
    expect(speaker.stream.report.counters.gapMs).toBe(0);
  });

  it('trusts a server that never acknowledges anything, and reports no gap for it', async () => {
    server.acknowledges = false;
    const speaker = open({}, { silenceTimeoutMs: 100 });
    speaker.write(50);
    await server.when('all audio', () => server.sessions[0]?.kept.length === speaker.written);
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(server.sockets).toBe(1);
    expect(speaker.output.gaps).toEqual([]);
  });

  it('reports no gap where a server that never acknowledges has received everything, and sends little of it again', async () => {
    server.acknowledges = false;
    const speaker = open({ audioLogS: 3 }, { silenceTimeoutMs: 400 });
    await speaker.output.state('live');
    for (let sent = 0; sent < 6; sent += 1) {
      speaker.write(50);
      await server.when('its audio', () => server.sessions[0]!.kept.length >= sent * 16_000 + 15_000);
    }
    await server.when('all audio', () => server.sessions[0]!.kept.length === speaker.written);
    await timePasses(300);
    server.sessions[0]!.sockets[0]!.terminate();
    await server.when('a second socket', () => server.sockets === 2);
    speaker.write(50);
    await server.when('the rest', () => missing(server.sessions[0]!.kept, speaker.written) === 0);
    const [session] = server.sessions;
    expect(session!.kept.length - speaker.written).toBeLessThan(2 * 16_000);
    const at = session!.kept.length / 16_000;
    session!.sockets.at(-1)!.send(JSON.stringify(transcript('00_0', true, ' here', at - 0.2, at - 0.1)));
    await speaker.output.when('the final', () => speaker.output.finals.length === 1);
    expect(speaker.output.utterances.at(-1)).toMatchObject({ startMs: speaker.written / 16 - 200 });
    expect(speaker.output.gaps).toEqual([]);
  });

  it('reports a gap for what fell out of the log, and the right times for what follows', async () => {
    server.refusePost = (nth) => (nth < 3 ? { status: 503 } : undefined);
    const speaker = open({ audioLogS: 1 }, { backoff: { baseMs: 60, capMs: 60 } });
    speaker.write(150);
    await server.when('the kept audio', () => server.sessions[0]?.kept.length === 16_000);
    expect(speaker.output.gaps).toEqual([{ startMs: 0, endMs: 2_000 }]);
    server.sessions[0]!.sockets[0]!.send(JSON.stringify(transcript('00_0', true, ' after', 0.5, 0.6)));
    await speaker.output.when('the final', () => speaker.output.finals.length === 1);
    expect(speaker.output.utterances[0]!.startMs).toBe(2_500);
    expect(speaker.stream.report.counters.gapMs).toBe(2_000);
  });

  it('changes to a new session in a pause before the old one expires, and overlaps', async () => {
    const speaker = open({}, { rotateAfterMs: 150 });
    speaker.write(20);
    await speaker.output.state('live');
    await timePasses(250);
    expect(server.sessions).toHaveLength(1);
    speaker.speaks = false;
    const talking = setInterval(() => speaker.write(2), 20);
    await server.when('the first was stopped', () => server.sessions[0]!.stops === 1);
    clearInterval(talking);
    const all = () => server.sessions.flatMap(({ kept }) => kept);
    await server.when('all audio', () => missing(all(), speaker.written) === 0);
    speaker.stream.close();
    await speaker.output.state('ended');
    const [first, second] = server.sessions;
    expect(first!.kept.length - second!.kept[0]!).toBe(2 * 1_600);
    expect(speaker.output.states).not.toContain('reconnecting');
  });

  it('keeps the old session, and its state, while Gladia grants no next one', async () => {
    server.refusePost = (nth) => (nth === 1 ? { status: 500 } : nth === 2 ? { status: 402 } : undefined);
    const speaker = open({}, { rotateAfterMs: 100, rotateLatestMs: 100 });
    await server.when('two refusals', () => server.requests.length === 3);
    speaker.write(20);
    await server.when('all audio', () => server.sessions[0]!.kept.length === speaker.written);
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(speaker.output.states).toEqual(['live', 'draining', 'ended']);
  });

  it('learns from 429 that there is no second slot, ends the old session first, and changes over', async () => {
    const old = () => server.sessions[0]!;
    server.refusePost = (nth) => (nth > 0 && old().stops === 0 ? { status: 429 } : undefined);
    const speaker = open({}, { rotateAfterMs: 150, rotateLatestMs: 150 });
    await speaker.output.state('live');
    const talking = setInterval(() => speaker.write(2), 20);
    await server.when('a second session', () => (server.sessions[1]?.kept.length ?? 0) > 0);
    clearInterval(talking);
    const all = () => server.sessions.flatMap(({ kept }) => kept);
    await server.when('all audio', () => missing(all(), speaker.written) === 0);
    expect(old().stops).toBe(1);
    expect(speaker.output.gaps).toEqual([]);
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(speaker.output.states).not.toContain('reconnecting');
  });

  it('loses nothing when Gladia has no room for the next session for a while after the old one has ended', async () => {
    server.refusePost = (nth) => (nth > 0 && nth < 10 ? { status: 429 } : undefined);
    const speaker = open({}, { rotateAfterMs: 150, rotateLatestMs: 150 });
    await speaker.output.state('live');
    const talking = setInterval(() => speaker.write(2), 20);
    await speaker.output.state('waiting-for-slot');
    await server.when('a second session', () => (server.sessions[1]?.kept.length ?? 0) > 0);
    clearInterval(talking);
    const all = () => server.sessions.flatMap(({ kept }) => kept);
    await server.when('all audio', () => missing(all(), speaker.written) === 0);
    expect(speaker.output.gaps).toEqual([]);
  });

  it('changes over without a second slot, and aborts an old session that never ends', async () => {
    server.stopped = ({ session }) => session.id !== 'session-0';
    const speaker = open({ maxSessions: 1, drainTimeoutMs: 200 }, { rotateAfterMs: 150, rotateLatestMs: 150 });
    const talking = setInterval(() => speaker.write(2), 20);
    await server.when('the first was stopped', () => server.sessions[0]?.stops === 1);
    clearInterval(talking);
    const all = () => server.sessions.flatMap(({ kept }) => kept);
    await server.when('all audio', () => missing(all(), speaker.written) === 0);
    expect(server.sessions).toHaveLength(2);
    expect(speaker.output.gaps).toEqual([]);
  });

  it('sends the next session what an old one had not received when it died before its end', async () => {
    server.audioReceived = ({ session }, kept) => session.id !== 'session-0' || kept < 3_200;
    server.stopped = ({ session, ws }) => {
      if (session.id !== 'session-0') return true;
      session.kept.length = 3_200;
      ws.close(4403);
      return false;
    };
    const speaker = open({ maxSessions: 1 }, { rotateAfterMs: 250, rotateLatestMs: 250 });
    const talking = setInterval(() => speaker.write(2), 20);
    await server.when('a second session', () => (server.sessions[1]?.kept.length ?? 0) > 0);
    clearInterval(talking);
    const all = () => server.sessions.flatMap(({ kept }) => kept);
    await server.when('all audio', () => missing(all(), speaker.written) === 0);
    expect(speaker.output.gaps).toEqual([]);
  });

  it('detects a server that has stopped reading, and loses nothing', async () => {
    const speaker = open({}, IMPATIENT);
    await speaker.output.state('live');
    speaker.write(10);
    server.sessions[0]!.sockets[0]!.pause();
    speaker.write(20);
    await server.when('a second socket', () => server.sockets === 2);
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(missing(server.sessions[0]!.kept, speaker.written)).toBe(0);
  });

  it('ends in bounded time when Gladia is gone, and reports what was lost', async () => {
    const speaker = open({ drainTimeoutMs: 200 });
    await speaker.output.state('live');
    speaker.write(20);
    await server.when('its audio', () => server.sessions[0]!.kept.length === 6_400);
    await server.stop();
    speaker.write(20);
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(speaker.output.gaps).toEqual([{ startMs: expect.any(Number), endMs: 800 }]);
    expect(speaker.output.gaps[0]!.startMs).toBeLessThanOrEqual(400);
    server = await new TestGladiaServer().start();
  });

  it('lets the next stream wait while the account has no slot, and never loses its audio', async () => {
    const first = open({ maxSessions: 1 });
    first.write(10);
    await first.output.state('live');
    const second = new TestStream(settingsFor(server.origin), first.client);
    streams.push(second);
    second.write(25);
    await second.output.state('waiting-for-slot');
    first.stream.close();
    await second.output.state('live');
    await server.when('its audio', () => server.sessions[1]!.kept.length === second.written);
    expect(server.sessions).toHaveLength(2);
  });

  it('drops a final that was emitted before and comes again after a resume', async () => {
    let firstPasses = 0;
    server.audioReceived = (socket, kept) => {
      if (kept >= 8_000 && firstPasses++ === 0) socket.send(transcript('00_0', true, ' Twice said.', 0.1, 0.4));
      if (socket.index === 1) socket.send(transcript('00_1', true, ' twice said', 0.12, 0.4));
      if (socket.index === 0 && kept >= 9_600) socket.ws.terminate();
      return true;
    };
    const speaker = open();
    await speaker.output.state('live');
    speaker.write(30);
    await server.when('the second socket', () => server.sockets === 2);
    speaker.write(30);
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(speaker.output.finals).toEqual(['Twice said.']);
    expect(speaker.stream.report.counters.duplicates).toBeGreaterThan(0);
  });
});
