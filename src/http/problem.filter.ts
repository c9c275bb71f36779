import {
  Catch,
  HttpException,
  Logger,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { errorKind } from '../logging/error-kind.js';
import { allowedMethods } from './allowed-methods.js';
import { codeOfStatus, problem, PROBLEM_TYPE, type ProblemBody } from './problem.js';
import { ProblemException } from './problem.exception.js';

/** Every error leaves as a problem document: ours, Nest's, those of the body parser, and those nobody foresaw. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      this.#log(error);
      response.destroy();
      return;
    }
    // A path that takes the method was reached: what its handler did not find is something else.
    const allowed = isNest404(error) ? allowedMethods(request) : [request.method];
    if (allowed.includes(request.method)) this.#answer(error, response);
    else if (allowed.length > 0) answerOtherMethod(request, response, allowed);
    else send(response, problem(404, 'not_found', 'no such path'));
  }

  #answer(error: unknown, response: Response): void {
    const body = bodyOf(error);
    if (body.status === 500) this.#log(error);
    if (body.status === 401) response.set('WWW-Authenticate', 'Bearer');
    if (error instanceof ProblemException) response.set(error.headers);
    send(response, body);
  }

  /** Without its message, which may quote what the request held. */
  #log(error: unknown): void {
    const frames = error instanceof Error ? error.stack?.match(/^ +at .*$/gm) : undefined;
    this.#logger.error([errorKind(error), ...(frames ?? [])].join('\n'));
  }
}

function answerOtherMethod(request: Request, response: Response, allowed: readonly string[]): void {
  const all = [...allowed, 'OPTIONS'].join(', ');
  response.set('Allow', all);
  if (request.method === 'OPTIONS') response.status(204).end();
  else send(response, problem(405, 'method_not_allowed', `this path takes ${all}`));
}

function send(response: Response, body: ProblemBody): void {
  response.status(body.status).type(PROBLEM_TYPE).send(JSON.stringify(body));
}

const isNest404 = (error: unknown): boolean =>
  error instanceof NotFoundException && !(error instanceof ProblemException);

function bodyOf(error: unknown): ProblemBody {
  if (error instanceof ProblemException) return error.getResponse() as ProblemBody;
  if (!(error instanceof HttpException)) return problem(500, 'internal_server_error', 'something went wrong');
  const status = error.getStatus();
  return problem(status, codeOfStatus(status), error.message);
}
