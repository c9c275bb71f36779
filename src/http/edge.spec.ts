import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Body, ConflictException, Controller, Get, Logger, NotFoundException, Post, Query } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { AccessToken, TokenVerifier, type VideoGrant } from 'livekit-server-sdk';
import { z } from 'zod';
import { httpConfig } from '../config/namespaces.js';
import { AccessTickets } from '../livekit/access-tickets.js';
import { RoomAccess, type RoomGrants } from '../livekit/room-access.js';
import { ReadingRights } from '../sessions/reading-rights.port.js';
import { SessionDirectory, type SessionEntry } from '../sessions/session-directory.port.js';
import { CurrentSession, Grants, Public, RequiresGrant, RequiresToken } from './access.js';
import { HTTP_EDGE } from './edge.js';
import { afterSchema, limitSchema } from './pagination.js';
import { AnyQuery } from './request-check.interceptor.js';

const KEYS = ['key', 'a-secret-that-is-long-enough-for-tests'] as const;
const SESSION: SessionEntry = { id: 'one', room: 'red', status: 'live' };
const bodySchema = z.strictObject({ room: z.string(), tags: z.array(z.string()).optional() });
const querySchema = z.strictObject({ limit: limitSchema, after: afterSchema });

class ScriptedRights extends ReadingRights {
  answer: Promise<boolean> = Promise.resolve(true);

  override mayRead(): Promise<boolean> {
    return this.answer;
  }
}

class OneSession extends SessionDirectory {
  answers = true;

  override find(id: string): SessionEntry | undefined {
    return id === SESSION.id ? SESSION : undefined;
  }

  override lookUp(id: string): Promise<SessionEntry | undefined> {
    return this.answers ? Promise.resolve(this.find(id)) : Promise.reject(new Error('secret words'));
  }
}

@Controller()
class Routes {
  @Get('undecorated')
  undecorated(): string {
    return 'said too much';
  }

  @Get('public')
  @Public()
  public(): string {
    return 'for all';
  }

  @Get('tracked')
  @Public()
  @AnyQuery()
  tracked(): string {
    return 'for all';
  }

  @Get('token')
  @RequiresToken()
  token(@Grants() grants: RoomGrants): unknown {
    return { rooms: grants.visibleRooms };
  }

  @Get('sessions/:id')
  @RequiresGrant('read')
  read(@CurrentSession() session: SessionEntry): SessionEntry {
    return session;
  }

  @Post('sessions/:id')
  @RequiresGrant('control')
  control(): void {}

  @Post('sessions/:id/words')
  @RequiresGrant('speak')
  speak(): void {}

  @Post('rooms')
  @RequiresGrant('control', { roomOf: 'body' })
  make(@Body({ schema: bodySchema }) body: z.infer<typeof bodySchema>): unknown {
    return body;
  }

  @Get('list')
  @Public()
  list(@Query({ schema: querySchema }) query: z.infer<typeof querySchema>): unknown {
    return query;
  }

  @Get('broken')
  @Public()
  broken(): never {
    throw new Error('secret words');
  }

  @Get('gone')
  @Public()
  gone(): never {
    throw new NotFoundException('it was here');
  }

  @Get('torn')
  @Public()
  torn(): never {
    throw new ConflictException('two at once');
  }
}

describe('the HTTP edge', () => {
  const directory = new OneSession();
  const rights = new ScriptedRights();
  let app: NestExpressApplication;
  let url: string;

  beforeAll(async () => {
    const module = await Test.createTestingModule({
      controllers: [Routes],
      providers: [
        ...HTTP_EDGE,
        RoomAccess,
        AccessTickets,
        { provide: httpConfig.KEY, useValue: { requireRoomRecord: false } },
        { provide: ReadingRights, useValue: rights },
        { provide: TokenVerifier, useValue: new TokenVerifier(...KEYS) },
        { provide: SessionDirectory, useValue: directory },
      ],
    }).compile();
    app = module.createNestApplication<NestExpressApplication>();
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  beforeEach(() => {
    directory.answers = true;
    rights.answer = Promise.resolve(true);
  });
  afterAll(() => app.close());

  interface Call {
    readonly method?: string;
    readonly grant?: VideoGrant;
    readonly body?: unknown;
    readonly headers?: Record<string, string>;
  }
  const call = async (path: string, { method = 'GET', grant, body, headers = {} }: Call = {}) => {
    const token = new AccessToken(...KEYS, { identity: 'alice' });
    if (grant !== undefined) token.addGrant(grant);
    const authorization = grant && { Authorization: `Bearer ${await token.toJwt()}` };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(url + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...authorization, ...headers },
      ...(body !== undefined && { body: text }),
    });
    const type = response.headers.get('content-type') ?? '';
    const content: unknown = type.includes('json') ? await response.json() : await response.text();
    return { status: response.status, type, headers: response.headers, content };
  };
  const codeOf = async (path: string, options: Call = {}): Promise<string> => {
    const { status, type, content } = await call(path, options);
    expect(type).toBe('application/problem+json; charset=utf-8');
    const { code } = content as { code: string };
    expect(content).toMatchObject({
      type: 'about:blank',
      status,
      title: expect.any(String),
      detail: expect.any(String),
    });
    return `${status} ${code}`;
  };

  it('opens no route that does not say to whom', async () => {
    expect(await codeOf('/undecorated', { grant: { roomCreate: true } })).toBe('403 forbidden');
    expect((await call('/public')).content).toBe('for all');
  });

  it('asks for a token, and says with which scheme', async () => {
    for (const headers of [{}, { Authorization: 'Bearer none' }, { Authorization: 'Basic YTpi' }])
      expect(await codeOf('/token', { headers })).toBe('401 unauthorized');
    expect((await call('/token')).headers.get('www-authenticate')).toBe('Bearer');
  });

  it('says which rooms a token reads', async () => {
    const roomsOf = async (grant: VideoGrant) => (await call('/token', { grant })).content;
    expect(await roomsOf({ roomCreate: true })).toEqual({ rooms: 'all' });
    expect(await roomsOf({ roomJoin: true, room: 'red' })).toEqual({ rooms: ['red'] });
    expect(await roomsOf({ canPublish: true, room: 'red' })).toEqual({ rooms: [] });
  });

  it('asks for the grant in the room of the session, and hands the session over', async () => {
    const joins = { roomJoin: true, room: 'red' };
    expect((await call('/sessions/one', { grant: joins })).content).toEqual(SESSION);
    expect(await codeOf('/sessions/one', { grant: { roomJoin: true, room: 'blue' } })).toBe('403 forbidden');
    expect(await codeOf('/sessions/one', { method: 'POST', grant: joins })).toBe('403 forbidden');
    expect((await call('/sessions/one', { method: 'POST', grant: { roomAdmin: true, room: 'red' } })).status).toBe(201);
    const speak = async (grant: VideoGrant) => (await call('/sessions/one/words', { method: 'POST', grant })).status;
    expect(await speak(joins)).toBe(201);
    expect(await speak({ ...joins, canPublishData: false })).toBe(403);
    expect(await speak({ roomCreate: true })).toBe(403);
  });

  it('knows no session by a name that is none, and says when it cannot look', async () => {
    for (const id of ['two', '%00', 'a'.repeat(65), '..%2Fone'])
      expect(await codeOf(`/sessions/${id}`, { grant: { roomCreate: true } })).toBe('404 not_found');
    directory.answers = false;
    expect(await codeOf('/sessions/one', { grant: { roomCreate: true } })).toBe('503 database_unavailable');
  });

  it('asks for the grant in the room that the body names', async () => {
    const make = (room: string) =>
      call('/rooms', { method: 'POST', body: { room }, grant: { roomAdmin: true, room: 'red' } });
    expect((await make('red')).content).toEqual({ room: 'red' });
    expect((await make('blue')).status).toBe(403);
  });

  it('names every field of a body that does not fit', async () => {
    const wrong = { method: 'POST', grant: { roomCreate: true }, body: { tags: ['a', 1], sauce: 1 } };
    expect((await call('/rooms', wrong)).content).toMatchObject({
      code: 'invalid_request',
      errors: [
        { path: 'room', message: expect.any(String) },
        { path: 'tags.1', message: expect.any(String) },
        { path: 'sauce', message: expect.any(String) },
      ],
    });
  });

  it.each<[string, Call]>([
    ['400 invalid_request', { body: '{"room":' }],
    ['400 invalid_request', {}],
    ['413 payload_too_large', { body: { room: 'r'.repeat(200_000) } }],
    ['415 unsupported_media_type', { body: 'room=red', headers: { 'Content-Type': 'text/plain' } }],
    ['415 unsupported_media_type', { body: '{}', headers: { 'Content-Encoding': 'none' } }],
  ])('answers a body that cannot be read with %s', async (code, options) => {
    expect(await codeOf('/rooms', { method: 'POST', grant: { roomCreate: true }, ...options })).toBe(code);
  });

  it('takes whole numbers in a query, within their bounds, and nothing else', async () => {
    expect((await call('/list?after=7')).content).toEqual({ limit: 100, after: 7 });
    expect((await call('/list?limit=1000')).content).toEqual({ limit: 1000 });
    for (const query of [
      'limit=0',
      'limit=1001',
      'limit=',
      'limit=1e2',
      'limit=1&limit=2',
      'after=-1',
      'after=2147483648',
      'x=1',
    ])
      expect([query, await codeOf(`/list?${query}`)]).toEqual([query, '400 invalid_request']);
  });

  it('refuses a query where none is read, unless the route says otherwise', async () => {
    expect((await call('/public?x=1')).content).toMatchObject({ code: 'invalid_request', errors: [{ path: 'x' }] });
    expect((await call('/tracked?x=1')).status).toBe(200);
  });

  it('says which methods a path has', async () => {
    const deleted = await call('/sessions/one', { method: 'DELETE' });
    expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS']);
    expect(await codeOf('/rooms')).toBe('405 method_not_allowed');
    const options = await call('/rooms', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow'), options.content]).toEqual([204, 'POST, OPTIONS', '']);
    expect((await call('/public', { method: 'HEAD' })).status).toBe(200);
    expect(await codeOf('/nowhere')).toBe('404 not_found');
    expect(await codeOf('/sessions/%E0%A4%A')).toBe('400 invalid_request');
  });

  it('tells others’ errors by their status, and of its own faults nothing, nor does the log repeat them', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    expect((await call('/gone')).content).toMatchObject({ code: 'not_found', detail: 'it was here' });
    expect((await call('/torn')).content).toMatchObject({ code: 'conflict', detail: 'two at once' });
    expect(logged).not.toHaveBeenCalled();
    expect(await codeOf('/broken')).toBe('500 internal_server_error');
    expect(JSON.stringify((await call('/broken')).content)).not.toContain('secret');
    expect(logged).toHaveBeenCalledTimes(2);
    expect(JSON.stringify(logged.mock.calls)).toContain('Routes.broken');
    expect(JSON.stringify(logged.mock.calls)).not.toContain('secret');
  });
});
