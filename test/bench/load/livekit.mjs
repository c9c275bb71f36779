import { createServer } from 'node:http';

/** @typedef {(order: { room: string, trackSid: string, url: string }) => void} OnEgress */

/** As much of LiveKit's server API as the service calls. Rooms are what `rooms` says: a name and its tracks. */
export class LiveKitStandIn {
  /** Room name -> track SIDs. @type {Map<string, string[]>} */
  rooms = new Map();
  dataPackets = 0;
  #server;
  #onEgress;
  #egresses = 0;

  /** @param {OnEgress} onEgress told of the address that an egress is to dial */
  static async start(onEgress) {
    const standIn = new LiveKitStandIn();
    standIn.#onEgress = onEgress;
    standIn.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => {
        const answer = standIn.#answer(request.url.split('/').at(-1), body);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
    await new Promise((resolve) => standIn.#server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(method, body) {
    switch (method) {
      case 'ListParticipants':
        return { participants: (this.rooms.get(JSON.parse(body).room) ?? []).map(participant) };
      case 'StartTrackEgress':
        return this.#startEgress(JSON.parse(body));
      case 'SendData':
        this.dataPackets += 1;
        return {};
      case 'ListRooms':
        return { rooms: [] };
      default:
        return {};
    }
  }

  #startEgress({ roomName, trackId, websocketUrl }) {
    const egressId = `EG_bench${String(this.#egresses++).padStart(5, '0')}`;
    setImmediate(() => this.#onEgress({ room: roomName, trackSid: trackId, url: websocketUrl }));
    return { egressId, roomName, status: 'EGRESS_STARTING' };
  }
}

/** Everybody has one microphone. */
const participant = (trackSid) => ({
  sid: `PA_${trackSid}`,
  identity: `who-${trackSid}`,
  name: `Who ${trackSid}`,
  state: 'ACTIVE',
  tracks: [{ sid: trackSid, source: 'MICROPHONE', mimeType: 'audio/red' }],
});
