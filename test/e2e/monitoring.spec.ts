import { afterEach, describe } from '@jest/globals';
import { itNeeds, runTool } from './deploy-tools.js';
import { SandboxedService } from './sandboxed-service.js';

const FOLDER = 'deploy/monitoring';

describe('deploy/monitoring', () => {
  let world: SandboxedService | undefined;

  afterEach(() => world?.close());

  itNeeds(['promtool'], 'has rules that Prometheus takes, each of which fires when it should', () => {
    runTool('promtool', ['check', 'rules', `${FOLDER}/alerts.yaml`]);
    runTool('promtool', ['test', 'rules', `${FOLDER}/alerts.test.yaml`]);
  });

  itNeeds(['promtool'], 'watches metrics that are named as Prometheus asks', async () => {
    world = await SandboxedService.start();
    runTool('promtool', ['check', 'metrics'], await (await fetch(`${world.service.url}/metrics`)).text());
  });
});
