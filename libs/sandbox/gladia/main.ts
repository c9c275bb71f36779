/** The Gladia stand-in in a process of its own: its listening must not disturb the rooms' clock. Prints its address. */
import { startGladiaSandbox } from './gladia-sandbox.js';

const gladia = await startGladiaSandbox();
console.log(gladia.url);
process.once('SIGTERM', () => void gladia.close());
