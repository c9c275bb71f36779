import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give out by themselves (Linux: 32768 on, others: 49152 on). */
const FIRST = 10_240;
const OF_A_PROCESS = 16;
const PROCESSES = (32_768 - FIRST) / OF_A_PROCESS;

const own = FIRST + (process.pid % PROCESSES) * OF_A_PROCESS;
let given = 0;

/**
 * A TCP port on loopback that nobody uses now, and nobody takes before the caller listens on it: no system gives it to a
 * socket that asks for any port, and other processes of the tests look for theirs elsewhere.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < OF_A_PROCESS; tries += 1) {
    const port = own + (given++ % OF_A_PROCESS);
    if (await isFree(port)) return port;
  }
  throw new Error(`all ports from ${own} to ${own + OF_A_PROCESS - 1} are in use`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
