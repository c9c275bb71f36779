import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DynamicModule } from '@nestjs/common';
import { ConfigError } from '../config/parse-config.js';
import { errorKind } from '../logging/error-kind.js';
import { ObsoleteToolkit } from './toolkit.js';

/**
 * Loads the extension files in order and calls `extend` of each. Paths are relative to the working directory.
 * @throws ConfigError for the first file that is no valid extension, with its place in the list
 */
export async function loadExtensions(paths: readonly string[], toolkit: unknown): Promise<DynamicModule[]> {
  const modules: DynamicModule[] = [];
  for (const [index, path] of paths.entries()) modules.push(await load(path, index, toolkit));
  return modules;
}

async function load(path: string, index: number, toolkit: unknown): Promise<DynamicModule> {
  const file = await importFile(path, index);
  if (!hasExtend(file)) throw invalidEntry(index, 'must export a function `extend`');
  const module = callExtend(file, index, toolkit);
  if (!isModule(module)) throw invalidEntry(index, 'must return a Nest module from `extend`: { module: class …, … }');
  return module;
}

function callExtend(file: { extend: (toolkit: unknown) => unknown }, index: number, toolkit: unknown): unknown {
  try {
    return file.extend(toolkit);
  } catch (error) {
    throw error instanceof ObsoleteToolkit ? invalidEntry(index, error.message) : error;
  }
}

async function importFile(path: string, index: number): Promise<unknown> {
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw invalidEntry(index, `must be the path of an ES module (${errorKind(error)})`);
  }
}

function hasExtend(file: unknown): file is { extend: (toolkit: unknown) => unknown } {
  return typeof (file as { extend?: unknown } | undefined)?.extend === 'function';
}

function isModule(value: unknown): value is DynamicModule {
  return typeof (value as { module?: unknown } | undefined)?.module === 'function';
}

const invalidEntry = (index: number, problem: string): ConfigError =>
  new ConfigError([`EXTENSIONS does not fit: entry ${index + 1} ${problem}`]);
