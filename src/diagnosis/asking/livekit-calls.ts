import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import type { Config } from '../../config/config.js';
import { ask, type Answer } from './ask.js';
import type { Fault } from './network-fault.js';

type Service = 'RoomService' | 'Egress';

const TOKEN_TTL_S = 60;

/** LiveKit's server API, asked plainly: its own client hides what is to be told apart here. */
export class LiveKitCalls {
  constructor(
    private readonly config: Config,
    private readonly patienceMs: number,
  ) {}

  async call(service: Service, method: string, grant: VideoGrant, body: object): Promise<Answer | Fault> {
    const { apiKey, apiSecret, httpUrl } = this.config.livekit;
    const access = new AccessToken(apiKey, apiSecret, { ttl: TOKEN_TTL_S });
    access.addGrant(grant);
    const request = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${await access.toJwt()}` },
      body: JSON.stringify(body),
    };
    const url = `${httpUrl.replace(/\/+$/, '')}/twirp/livekit.${service}/${method}`;
    return ask(url, request, { withinMs: this.patienceMs });
  }
}
