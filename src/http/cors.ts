import type { INestApplication } from '@nestjs/common';
import type { CorsOptions, CorsOptionsCallback } from '@nestjs/common/interfaces/external/cors-options.interface.js';
import type { Request } from 'express';

const PREFLIGHT_VALID_S = 600;

/** Lets pages of these origins call the API from a browser; `*` is every origin. Empty: only the service's own pages do. */
export function allowOrigins(app: INestApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const options: CorsOptions = {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Last-Event-ID'],
    exposedHeaders: ['Link', 'Retry-After', 'Content-Disposition'],
    maxAge: PREFLIGHT_VALID_S,
  };
  app.enableCors(({ headers }: Request, answer: CorsOptionsCallback) => {
    // Other OPTIONS requests ask which methods a path has.
    const isPreflight = headers['access-control-request-method'] !== undefined;
    answer(null, { ...options, preflightContinue: !isPreflight });
  });
}
