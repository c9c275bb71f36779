import { Inject, Injectable } from '@nestjs/common';
import { egressConfig, type EgressConfig } from '../config/namespaces.js';
import { SessionDirectory } from '../sessions/session-directory.port.js';
import { EgressApi, type ListedEgress } from './egress-api.js';
import { EgressService } from './egress.service.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface EgressInventoryList {
  /** Those of this deployment that belong to no run of this process. */
  readonly orphans: readonly ListedEgress[];
  /** Those that send sound to somebody else's WebSocket. */
  readonly foreign: readonly ListedEgress[];
}

/**
 * Tells our egresses from those of others. Another deployment may be reached at the same address, so the owner is whoever
 * has the session in the address in its database. A session whose id is no UUID is nobody's.
 */
@Injectable()
export class EgressInventory {
  constructor(
    @Inject(egressConfig.KEY) private readonly config: EgressConfig,
    private readonly api: EgressApi,
    private readonly egress: EgressService,
    private readonly directory: SessionDirectory,
  ) {}

  /** @throws EgressApiError, or what the database throws */
  async list(): Promise<EgressInventoryList> {
    const orphans: ListedEgress[] = [];
    const foreign: ListedEgress[] = [];
    for (const listed of await this.api.listActive()) {
      if (listed.url === '' || this.egress.runs.includes(listed)) continue;
      const owned = (await this.#isOurs(listed)) ? orphans : foreign;
      owned.push(listed);
    }
    return { orphans, foreign };
  }

  async #isOurs({ url }: ListedEgress): Promise<boolean> {
    if (!url.startsWith(`${this.config.websocketBaseUrl}/`)) return false;
    const [sessionId = ''] = url.slice(this.config.websocketBaseUrl.length + 1).split('/', 1);
    return !UUID.test(sessionId) || (await this.directory.lookUp(sessionId)) !== undefined;
  }
}
