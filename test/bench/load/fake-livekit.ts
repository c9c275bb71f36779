import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An egress that was started: a track, and the address to which its sound goes. */
export interface EgressOrder {
  readonly room: string;
  readonly trackSid: string;
  readonly url: string;
}

interface StartTrackEgress {
  readonly roomName: string;
  readonly trackId: string;
  readonly websocketUrl: string;
}

/** As much of LiveKit's server API as the service calls. Rooms are what `rooms` says: a name and its tracks. */
export class FakeLiveKit {
  /** Room name -> track SIDs. */
  readonly rooms = new Map<string, readonly string[]>();
  dataPackets = 0;
  /** Called with each egress that is started. */
  onEgress: (order: EgressOrder) => void = () => undefined;
  #egresses = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const answer = this.#answer(request.url?.split('/').at(-1), body);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
  }

  static async start(): Promise<FakeLiveKit> {
    const livekit = new FakeLiveKit();
    livekit.#server.listen(0, '127.0.0.1');
    await once(livekit.#server, 'listening');
    return livekit;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(method: string | undefined, body: string): object {
    switch (method) {
      case 'ListParticipants':
        return { participants: (this.rooms.get((JSON.parse(body) as { room: string }).room) ?? []).map(participant) };
      case 'StartTrackEgress':
        return this.#startEgress(JSON.parse(body) as StartTrackEgress);
      case 'SendData':
        this.dataPackets += 1;
        return {};
      case 'ListRooms':
        return { rooms: [] };
      default:
        return {};
    }
  }

  #startEgress({ roomName, trackId, websocketUrl }: StartTrackEgress): object {
    const egressId = `EG_bench${String(this.#egresses++).padStart(5, '0')}`;
    setImmediate(() => this.onEgress({ room: roomName, trackSid: trackId, url: websocketUrl }));
    return { egressId, roomName, status: 'EGRESS_STARTING' };
  }
}

/** Everybody has one microphone. */
const participant = (trackSid: string): object => ({
  sid: `PA_${trackSid}`,
  identity: `who-${trackSid}`,
  name: `Who ${trackSid}`,
  state: 'ACTIVE',
  tracks: [{ sid: trackSid, source: 'MICROPHONE', mimeType: 'audio/red' }],
});
