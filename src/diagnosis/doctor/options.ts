import { parseArgs } from 'node:util';

export interface DoctorOptions {
  readonly json: boolean;
  readonly help: boolean;
  /** Where the service is; undefined: on this host, at PORT. */
  readonly service?: string;
  /** Only this session is looked at; undefined: every one that is live. */
  readonly session?: string;
  readonly probeRoom?: string;
  readonly gladiaSession: boolean;
}

/** The arguments make no sense. The message says which. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `Says which leg is broken and what to do, before the service runs and while it does.

  npm run doctor -- [options]        after npm run build; in a container: node dist/doctor.js [options]

  --json               the whole diagnosis as JSON
  --session ID         look at this session only; else at all that are live
  --service URL        where the service is; else http://127.0.0.1:PORT
  --probe-room NAME    start an egress in this room for a moment; the room is made and deleted where there is none
                       of that name. A name that begins with roomscribe-doctor starts no session.
  --gladia-session     open a Gladia session for a moment: takes a place of the account's limit meanwhile
  --help

Exit code: 0 nothing is broken, 1 something is, 2 the arguments are wrong.`;

/** @throws UsageError */
export function parseOptions(args: readonly string[]): DoctorOptions {
  const { json, help, service, session, ...costly } = valuesOf(args);
  if (service !== undefined && !/^https?:\/\/[^/]+\/?$/.test(service)) {
    throw new UsageError('--service must be a URL such as http://127.0.0.1:3001, without a path');
  }
  return {
    json: json === true,
    help: help === true,
    gladiaSession: costly['gladia-session'] === true,
    ...(service !== undefined && { service: service.replace(/\/$/, '') }),
    ...(session !== undefined && { session }),
    ...(costly['probe-room'] !== undefined && { probeRoom: costly['probe-room'] }),
  };
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        help: { type: 'boolean' },
        service: { type: 'string' },
        session: { type: 'string' },
        'probe-room': { type: 'string' },
        'gladia-session': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'the arguments cannot be read');
  }
}
