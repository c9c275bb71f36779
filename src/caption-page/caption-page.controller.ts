import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { httpConfig, type HttpConfig } from '../config/namespaces.js';
import { packageRoot } from '../config/package-root.js';
import { Public } from '../http/access.js';
import { ProblemException } from '../http/problem.exception.js';
import { AnyQuery } from '../http/request-check.interceptor.js';

const ASSETS = ['caption-page.js', 'caption-page.css'];
const TOKEN_META = /(<meta name="roomscribe-token" content=")/;
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** The live caption page: static files, with an optional read-only token for URLs that carry none (wall displays, demos). */
@ApiExcludeController()
@Controller()
@Public()
@AnyQuery()
export class CaptionPageController {
  readonly #folder = join(packageRoot(), 'web', 'dist');
  readonly #token: string;
  #page: string | undefined;

  constructor(@Inject(httpConfig.KEY) { captionPageToken }: HttpConfig) {
    this.#token = encodeURIComponent(captionPageToken);
  }

  @Get()
  page(@Res() response: Response): void {
    response
      .set({ 'Content-Security-Policy': POLICY, 'Referrer-Policy': 'no-referrer' })
      .type('html')
      .send(this.#read());
  }

  @Get(ASSETS)
  asset(@Req() { path }: Request, @Res() response: Response): void {
    response.sendFile(path.slice(1), { root: this.#folder });
  }

  /** @throws ProblemException where the page was not built */
  #read(): string {
    const file = join(this.#folder, 'index.html');
    if (!existsSync(file))
      throw new ProblemException('not_found', 'the caption page is not built: run `npm run build:page`');
    return (this.#page ??= readFileSync(file, 'utf8').replace(TOKEN_META, `$1${this.#token}`));
  }
}
