import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type * as client from '../../libs/client/messages.js';
import type * as protocol from '../../libs/protocol/message.js';
import { publishedFiles } from '../../scripts/messages/published-files.js';

/** Compiles only where both types are the same to a reader. */
const same = <T>(given: T): T => given;

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

  it('has types that take every message, and give none that the schema does not know', () => {
    const message: protocol.Message = { v: 1, type: 'retraction', sessionId: 's', seq: 1, segmentIds: ['a'] };
    const received: client.Message = message;
    expect(same<client.Message>(received)).toBe(message);
    expect(same<protocol.Message['type'][]>([received.type])).toEqual(['retraction']);
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
