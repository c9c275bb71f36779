import { ProblemException } from './problem.exception.js';

/** What the database answers. @throws ProblemException 503 `database_unavailable` where it does not */
export function databaseAnswer<T>(
  answer: Promise<T>,
  detail = 'the database does not answer: ask again later',
): Promise<T> {
  return answer.catch((cause: unknown) => {
    throw new ProblemException('database_unavailable', detail, { cause });
  });
}
