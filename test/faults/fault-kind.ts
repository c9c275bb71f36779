import type { SettingName } from './settings.js';
import type { TalkingRoom } from './talking-room.js';
import type { World } from './world.js';

/** Where a fault is injected. */
export interface FaultContext {
  readonly world: World;
  readonly room: TalkingRoom;
}

/** What may be missing at most, and why. */
export interface AllowedLoss {
  readonly seconds: number;
  readonly because: string;
}

/** A fault, and what it may cost. */
export interface FaultKind {
  readonly name: string;
  readonly setting?: SettingName;
  /** Injects the fault once, while people talk. */
  readonly inject: (context: FaultContext) => unknown;
  /** Undoes what would not pass by itself, before everybody stops talking. */
  readonly undo?: (context: FaultContext) => unknown;
  /** Without it, nothing may be missing. */
  readonly mayLose?: AllowedLoss;
  /** How soon words must come again. */
  readonly recoversWithinS?: number;
  /** How long people talk on after the fault. */
  readonly settleMs?: number;
  /** Whether partials, and so their numbers, may be left out. */
  readonly mayOmitPartials?: boolean;
}

export const RESTART: AllowedLoss = {
  seconds: 2,
  because: 'an Egress that ends takes what it holds with it, and another needs a moment to dial',
};
export const SLOW_RESTART: AllowedLoss = {
  seconds: 5,
  because: 'three seconds of sound are in an untuned Egress when it ends',
};

export const restartAfter = (seconds: number, because: string): AllowedLoss => ({
  seconds: RESTART.seconds + seconds,
  because,
});
