import { networkFault, type Fault } from './network-fault.js';

/** What came back. The body is for deciding only and is never shown: servers quote tokens in it. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** How far the server's clock runs ahead of ours, where it says what it reads; within a second or two. */
  readonly clockAheadMs: number | undefined;
}

export interface AskLimits {
  readonly withinMs?: number;
  /** Characters; what is beyond is cut off. */
  readonly mostBody?: number;
}

/** Makes one HTTP request and follows no redirect. Resolves with a fault where none is answered; never rejects. */
export async function ask(
  url: string | URL,
  request: RequestInit = {},
  { withinMs = 8_000, mostBody = 4_096 }: AskLimits = {},
): Promise<Answer | Fault> {
  try {
    const signal = AbortSignal.timeout(withinMs);
    const response = await fetch(url, { redirect: 'manual', ...request, signal });
    const body = (await response.text()).slice(0, mostBody);
    return { status: response.status, body, clockAheadMs: clockAheadMs(response.headers.get('date')) };
  } catch (error) {
    return networkFault(error);
  }
}

export const isAnswer = (reply: object): reply is Answer => 'status' in reply;

function clockAheadMs(date: string | null): number | undefined {
  const serverMs = date === null ? NaN : Date.parse(date);
  return Number.isNaN(serverMs) ? undefined : serverMs - Date.now();
}
