import { ListEgressRequest, ListEgressResponse, type TokenPagination } from '@livekit/protocol';
import type { EgressClient, EgressInfo } from 'livekit-server-sdk';

/** The SDK's transport, which it keeps private; its own `listEgress` drops the token of the next page. */
interface Rpc {
  request(
    service: string,
    method: string,
    data: unknown,
    headers: Record<string, string>,
  ): Promise<Parameters<typeof ListEgressResponse.fromJson>[0]>;
}

/** A server that always names another page must not keep us for ever. */
const MAX_PAGES = 1_000;

/** All egresses that match, page after page. Rejects as the SDK's calls do. */
export async function listEgressPages(
  client: EgressClient,
  wanted: { readonly active?: boolean; readonly roomName?: string },
): Promise<EgressInfo[]> {
  const rpc = Reflect.get(client, 'rpc') as Rpc;
  const all: EgressInfo[] = [];
  let pageToken: TokenPagination | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const request = new ListEgressRequest({ ...wanted, ...(pageToken !== undefined && { pageToken }) });
    const headers = await client.authHeader({ roomRecord: true });
    const answer = await rpc.request('Egress', 'ListEgress', request.toJson(), headers);
    const { items, nextPageToken } = ListEgressResponse.fromJson(answer, { ignoreUnknownFields: true });
    all.push(...items);
    if (nextPageToken === undefined || nextPageToken.token === '') return all;
    pageToken = nextPageToken;
  }
  return all;
}
