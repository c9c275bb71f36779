import { format, resolveConfig } from 'prettier';
import { asyncApi } from './async-api.js';
import { messagesSchema } from './json-schema.js';
import { typescript } from './typescript.js';

/** What is written from the schemas of the messages: the content of each file, by its path in the repository. */
export async function publishedFiles(): Promise<ReadonlyMap<string, string>> {
  const schema = messagesSchema();
  const contents = {
    'docs/messages.schema.json': JSON.stringify(schema),
    'docs/messages.asyncapi.json': JSON.stringify(asyncApi(schema)),
    'libs/client/messages.ts': typescript(schema),
  };
  const style = await resolveConfig('package.json');
  const files = Object.entries(contents).map(async ([path, content]) => {
    return [path, await format(content, { ...style, filepath: path })] as const;
  });
  return new Map(await Promise.all(files));
}
