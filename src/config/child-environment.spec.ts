import { afterEach, expect, it } from '@jest/globals';
import { childEnvironment } from './child-environment.js';

afterEach(() => {
  for (const name of ['LIVEKIT_API_SECRET', 'GLADIA_API_KEY', 'DATABASE_URL'])
    Reflect.deleteProperty(process.env, name);
});

it('gives a child process what Node needs, and no secret', () => {
  Object.assign(process.env, { LIVEKIT_API_SECRET: 's', GLADIA_API_KEY: 'g', DATABASE_URL: 'postgres://u:p@h/d' });
  expect(childEnvironment()['PATH']).toBe(process.env['PATH']);
  expect(Object.keys(childEnvironment()).join()).not.toMatch(/SECRET|KEY|DATABASE/);
});
