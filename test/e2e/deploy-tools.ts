import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { it } from '@jest/globals';

/** The programs that check what is in `deploy/`, and the variables in which `.ci/run` names those that it installed. */
const VARIABLES = {
  helm: 'HELM_BIN',
  'kubernetes-validate': 'KUBERNETES_VALIDATE_BIN',
  hadolint: 'HADOLINT_BIN',
  promtool: 'PROMTOOL_BIN',
  /** With the package `compose-spec`. */
  python: 'DEPLOY_PYTHON_BIN',
  'systemd-analyze': 'SYSTEMD_ANALYZE_BIN',
} as const;

type DeployTool = keyof typeof VARIABLES;

/** The one that its variable names, or else the one on the `PATH`; undefined where there is none. */
function pathOf(tool: DeployTool): string | undefined {
  const given = process.env[VARIABLES[tool]];
  if (given !== undefined && given !== '') return given;
  if (tool === 'python') return undefined;
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders.map((folder) => join(folder, tool)).find((path) => existsSync(path));
}

/** Why a test that needs these tools is skipped; undefined where all are there. */
function lacking(tools: readonly DeployTool[]): string | undefined {
  const absent = tools.filter((tool) => pathOf(tool) === undefined);
  return absent.length === 0 ? undefined : absent.map((tool) => `no ${tool}, and no ${VARIABLES[tool]}`).join('; ');
}

/** What a tool prints. @throws Error with all of its messages, when it fails */
export function runTool(tool: DeployTool, args: readonly string[], input = ''): string {
  try {
    return execFileSync(pathOf(tool) ?? tool, args, { encoding: 'utf8', stdio: 'pipe', input, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${tool} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

/** A test that needs tools: without them it is skipped, and its name says which. */
export function itNeeds(tools: readonly DeployTool[], name: string, test: () => void | Promise<void>): void {
  const reason = lacking(tools);
  if (reason === undefined) it(name, test);
  else it.skip(`${name} (${reason})`, test);
}
