/** The fake Gladia in a process of its own: its recognition must not disturb the rooms' clock. Prints its URL. */
import { startGladiaSandbox } from './gladia-sandbox.js';

const gladia = await startGladiaSandbox();
console.log(gladia.url);
process.once('SIGTERM', () => void gladia.close());
