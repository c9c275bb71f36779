import { fileURLToPath } from 'node:url';
import { freePort } from '../../free-port.js';
import type { Peer, PeerOptions } from './peer.js';
import { SubjectProcess } from './subject-process.js';

const SERVER = fileURLToPath(new URL('read-floor-server.js', import.meta.url));

/** The least that Node can do with the bytes: read them into one buffer and forget them. */
export class ReadFloor implements Peer {
  private constructor(
    private readonly process: SubjectProcess,
    private readonly port: number,
  ) {}

  static async start({ processor }: PeerOptions): Promise<ReadFloor> {
    const port = await freePort();
    const server = new SubjectProcess([process.execPath, SERVER, String(port)], { processor });
    await server.listens(port);
    return new ReadFloor(server, port);
  }

  get pid(): number {
    return this.process.pid;
  }

  urlOf(): string {
    return `tcp://127.0.0.1:${this.port}`;
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
