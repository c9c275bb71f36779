import { afterEach, describe, expect, it } from '@jest/globals';
import { CannedServer, deploymentOf, type Canned } from '../deployment.spec-kit.js';
import { RunningService } from './service.js';

const ALIVE = { body: '{"status":"ok"}' };

describe('RunningService', () => {
  let server: CannedServer | undefined;

  afterEach(async () => {
    await server?.close();
  });

  const finding = async (answers: Readonly<Record<string, Canned>>): Promise<string> => {
    server = await CannedServer.start(answers);
    return new RunningService(server.url, deploymentOf({}).config.livekit).find();
  };

  it.each<[string, Record<string, Canned>]>([
    ['runs', { '/health': ALIVE, '/sessions': { body: '[]' } }],
    ['not-ready', { '/health/live': ALIVE, '/health/ready': { status: 503 }, '/sessions': { body: '[]' } }],
    ['other-variables', { '/health': ALIVE, '/sessions': { status: 401 } }],
    ['not-running-port-taken', { '': { body: '<html>' } }],
    ['silent', { '/health': ALIVE, '/sessions': { instead: 'reset' } }],
  ])('%s', async (expected, answers) => {
    expect(await finding(answers)).toBe(expected);
  });

  it('does not run where nothing listens', async () => {
    expect(await new RunningService('http://127.0.0.1:2', deploymentOf({}).config.livekit).find()).toBe('not-running');
  });
});
