import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGladiaServer, transcript } from './gladia-server.spec-kit.js';
import { missing, settingsFor, TestStream } from './stream.spec-kit.js';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

const FRAMES_A_SECOND = 50;

describe('a room in which nobody speaks', () => {
  let server: TestGladiaServer;
  let speaker: TestStream;

  const open = (...args: Parameters<typeof settingsFor> extends [string, ...infer Rest] ? Rest : never): TestStream =>
    (speaker = new TestStream(settingsFor(server.origin, ...args)));

  beforeEach(async () => {
    server = await new TestGladiaServer().start();
  });
  afterEach(async () => {
    speaker.stream.abort();
    await server.stop();
  });

  it('releases its session, and gets a new one that starts before the first word', async () => {
    server.stopped = (socket) => {
      if (socket.session.id === 'session-0') socket.send(transcript('00_0', true, ' last words', 0.1, 0.4));
      return true;
    };
    open({ idleReleaseMs: 2_000, maxSessions: 1 });
    await speaker.output.state('live');
    speaker.write(FRAMES_A_SECOND);
    await server.when('the words', () => server.sessions[0]!.kept.length === 16_000);
    await timePasses(50);
    speaker.speaks = false;
    speaker.write(2 * FRAMES_A_SECOND + 5);
    await speaker.output.state('idle');
    await speaker.output.when('the last words', () => speaker.output.finals.includes('last words'));
    speaker.write(10 * FRAMES_A_SECOND);
    await server.when('the first was stopped', () => server.sessions[0]!.stops === 1);
    await timePasses(60);
    expect(speaker.stream.report.counters.backlogMs).toBeLessThanOrEqual(500);
    const spokenFrom = speaker.written;
    speaker.speaks = true;
    speaker.write(FRAMES_A_SECOND);
    await server.when('a second session', () => server.sessions.length === 2);
    await server.when('its audio', () => {
      const last = server.sessions[1]?.kept.at(-1) ?? 0;
      return (speaker.written - 1 - last + 32_768) % 32_768 <= 320; // an odd frame waits for the next
    });
    const [first] = server.sessions[1]!.kept as [number];
    const leadMs = (spokenFrom - (first + Math.floor(spokenFrom / 32_768) * 32_768)) / 16;
    expect(leadMs).toBeGreaterThanOrEqual(100);
    expect(leadMs).toBeLessThan(600);
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(speaker.output.gaps).toEqual([]);
    expect(speaker.output.states).toEqual(['live', 'idle', 'live', 'draining', 'ended']);
  });

  it.each([4408, 4504])('creates no new session after %i until somebody speaks, and then at once', async (code) => {
    server.opened = ({ index, ws }) => {
      if (index === 0) setTimeout(() => ws.close(code), 150);
    };
    open({}, { backoff: { baseMs: 4, capMs: 40 } });
    speaker.speaks = false;
    speaker.write(20);
    await speaker.output.state('idle');
    speaker.write(20);
    await timePasses(200);
    expect(server.sessions).toHaveLength(1);
    speaker.speaks = true;
    speaker.write(20);
    await server.when('a second session', () => server.sessions.length === 2);
    await server.when('the speech', () => server.sessions[1]!.kept.at(-1) === speaker.written - 1);
    expect(missing(server.sessions[1]!.kept, speaker.written)).toBeGreaterThan(0);
    expect(speaker.output.gaps).toEqual([]);
  });

  it('keeps a session alive while no audio comes', async () => {
    open({}, { keepAliveMs: 100 });
    await speaker.output.state('live');
    await server.when('an empty chunk', () => server.texts.includes('{"type":"audio_chunk","data":{"chunk":""}}'));
    expect(server.sockets).toBe(1);
  });

  it('stays idle when the session that it released sends its last words', async () => {
    server.stopped = (socket) => {
      socket.send({ type: 'audio_chunk', acknowledged: true, data: { byte_range: [0, 640] } });
      socket.send(transcript('00_0', true, ' last words', 0.1, 0.2));
      return false;
    };
    open({ idleReleaseMs: 500 });
    speaker.speaks = false;
    await speaker.output.state('live');
    speaker.write(20);
    await server.when('its audio', () => server.sessions[0]!.kept.length === 6_400);
    speaker.write(10);
    await speaker.output.state('idle');
    speaker.write(10);
    await speaker.output.when('the last words', () => speaker.output.finals.includes('last words'));
    expect(speaker.stream.report.state).toBe('idle');
  });

  it('ends at once while it is idle', async () => {
    open({ idleReleaseMs: 100 });
    speaker.speaks = false;
    await speaker.output.state('live');
    speaker.write(20);
    await speaker.output.state('idle');
    speaker.write(20);
    await server.when('the first was stopped', () => server.sessions[0]!.stops === 1);
    speaker.stream.close();
    await speaker.output.state('ended');
    expect(server.sessions).toHaveLength(1);
    expect(speaker.output.gaps).toEqual([]);
  });
});
