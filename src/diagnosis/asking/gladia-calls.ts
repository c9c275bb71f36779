import { ask, type Answer } from './ask.js';
import type { Deployment } from '../deployment.js';
import type { Fault } from './network-fault.js';

/** Asks Gladia's live API, with the key. @param path below the API's address, such as `/v2/live` */
export function askGladia(
  { config: { gladia }, patienceMs }: Pick<Deployment, 'config' | 'patienceMs'>,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<Answer | Fault> {
  const request = {
    method,
    headers: { 'x-gladia-key': gladia.apiKey, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  };
  return ask(new URL(path, gladia.apiUrl), request, { withinMs: patienceMs });
}
