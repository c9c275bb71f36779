import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type * as client from '../../libs/client/messages.js';
import type * as protocol from '../../libs/protocol/message.js';
import { publishedFiles } from '../../scripts/messages/published-files.js';

/** Compiles only where the client's type takes every message of the service. */
const received = (message: protocol.Message): client.Message => message;

describe('what is published of the schemas of the messages', () => {
  it('is as the code: else run `npm run docs:messages`', async () => {
    const files = await publishedFiles();
    expect([...files.keys()].sort()).toEqual([
      'docs/messages.asyncapi.json',
      'docs/messages.schema.json',
      'libs/client/messages.ts',
    ]);
    for (const [path, content] of files)
      expect({ path, content: readFileSync(path, 'utf8') }).toEqual({ path, content });
  });

  it('has types that take every message', () => {
    const message: protocol.Message = { v: 1, type: 'retraction', sessionId: 's', seq: 1, segmentIds: ['a'] };
    expect(received(message)).toBe(message);
  });

  it('refers only to schemas that there are', () => {
    for (const path of ['docs/messages.schema.json', 'docs/messages.asyncapi.json']) {
      const text = readFileSync(path, 'utf8');
      const document = JSON.parse(text) as object;
      const references = [...text.matchAll(/"\$ref": "#\/([^"]+)"/g)].map(([, pointer]) => pointer!.split('/'));
      expect(references.length).toBeGreaterThan(5);
      for (const keys of references) {
        const found = keys.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
        expect(found).toBeDefined();
      }
    }
  });
});
