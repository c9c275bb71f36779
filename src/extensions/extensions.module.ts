import type { DynamicModule } from '@nestjs/common';
import { SpeechToText } from '../transcription/transcription.module.js';
import { loadExtensions } from './load-extensions.js';
import { toolkit } from './toolkit.js';

/** Loads the modules of the files in `EXTENSIONS`, to be imported beside our own. @throws ConfigError */
export const extensionModules = (paths: readonly string[]): Promise<DynamicModule[]> =>
  loadExtensions(paths, toolkit(SpeechToText));
