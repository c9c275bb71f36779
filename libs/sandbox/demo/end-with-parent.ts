import process from 'node:process';

/**
 * Loaded with `--import` into a process that was started with an IPC channel: ends it when the process at the other end
 * is gone, however that ended. All that it did was for that process, so there is nothing to finish.
 */
const end = (): never => process.exit();

process.once('disconnect', end);
process.channel?.unref(); // it alone keeps no process alive
if (!process.connected) end();
