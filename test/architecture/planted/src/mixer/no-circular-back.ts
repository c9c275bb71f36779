export type { Here } from './no-circular.js';
export class There {}
