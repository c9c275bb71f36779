import type { Environment } from './config-schema.js';
import * as namespaces from './namespaces.js';

/** All namespaces, by name, and the paths of the extensions, which are loaded before Nest starts. */
export type Config = ReturnType<typeof configOf>;

/** @param env checked */
export const configOf = (env: Environment) =>
  Object.freeze({
    http: namespaces.httpConfig(env),
    log: namespaces.logConfig(env),
    livekit: namespaces.livekitConfig(env),
    sessions: namespaces.sessionsConfig(env),
    overload: namespaces.overloadConfig(env),
    egress: namespaces.egressConfig(env),
    participant: namespaces.participantConfig(env),
    mixer: namespaces.mixerConfig(env),
    audioLog: namespaces.audioLogConfig(env),
    gladia: namespaces.gladiaConfig(env),
    speech: namespaces.speechConfig(env),
    confidence: namespaces.confidenceConfig(env),
    store: namespaces.storeConfig(env),
    publisher: namespaces.publisherConfig(env),
    webhook: namespaces.webhookConfig(env),
    extensions: Object.freeze({ files: env.EXTENSIONS }),
  });
