export type { There } from './no-circular-back.js';
export class Here {}
