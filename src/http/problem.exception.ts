import { HttpException } from '@nestjs/common';
import { problem, PROBLEMS, type FieldError, type ProblemCode } from './problem.js';

interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  /** Sent with the answer, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An error that the caller gets as a problem document; its code decides the status. */
export class ProblemException extends HttpException {
  readonly headers: Readonly<Record<string, string>>;

  /** @param detail a sentence for people: no secret, no name, no word of what was said */
  constructor(code: ProblemCode, detail: string, { errors, headers = {}, cause }: ProblemOptions = {}) {
    const { status } = PROBLEMS[code];
    super(problem(status, code, detail, errors), status, { cause });
    this.message = detail;
    this.headers = headers;
  }
}
