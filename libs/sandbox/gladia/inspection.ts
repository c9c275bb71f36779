import type { GladiaSession, SessionState } from './session.js';

/** What can be seen of a session from outside. */
export interface SessionInspection {
  readonly id: string;
  readonly state: SessionState;
  readonly isDetached: boolean;
  /** Sockets that were ever opened. */
  readonly connections: number;
  readonly keptBytes: number;
  readonly request: GladiaSession['request'];
  readonly sockets: readonly {
    readonly openedAt: number;
    readonly receivedBytes: number;
    readonly receivedFrames: number;
  }[];
  readonly finals: readonly {
    readonly text: string;
    readonly start: number;
    readonly end: number;
    readonly channel: number;
  }[];
  /** Messages sent, by type. */
  readonly messages: Readonly<Record<string, number>>;
}

export function inspect(session: GladiaSession): SessionInspection {
  const { id, state, isDetached, connections, request, utterances, outbox } = session;
  const messages: Record<string, number> = {};
  for (const text of outbox.sent) {
    const { type } = JSON.parse(text) as { type: string };
    messages[type] = (messages[type] ?? 0) + 1;
  }
  const sockets = [...session.sockets].map(({ openedAt, receivedBytes, receivedFrames }) => ({
    openedAt,
    receivedBytes,
    receivedFrames,
  }));
  const finals = utterances.map(({ text, start, end, channel }) => ({ text, start, end, channel }));
  return {
    id,
    state,
    isDetached,
    connections,
    request,
    messages,
    sockets,
    finals,
    keptBytes: session.intake.keptBytes,
  };
}
