import 'reflect-metadata';
import { readConfig } from './config/app-config.module.js';
import { runDoctor } from './diagnosis/doctor.command.js';

process.exitCode = await runDoctor({
  args: process.argv.slice(2),
  readConfig,
  print: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
});
