import { RESTART, restartAfter, SLOW_RESTART, type FaultContext, type FaultKind } from '../fault-kind.js';
import type { SettingName } from '../settings.js';

const workersDie = ({ world }: FaultContext): Promise<void> => world.livekit.egress.kill();
const egressesFail = ({ world }: FaultContext): void => world.livekit.egress.fail();
const serviceIsKilled = ({ world }: FaultContext): Promise<void> => world.restartService();
const gladiaIsCut = ({ world }: FaultContext): Promise<void> => world.toEveryGladiaSession({ action: 'close' });
const speakerComesBack = ({ room }: FaultContext): void => room.rejoin(room.speaking);
const serviceIsFrozen = ({ world }: FaultContext): Promise<void> => world.freeze(5_000);

const inSetting = (setting: SettingName, called: string, kinds: readonly FaultKind[]): FaultKind[] =>
  kinds.map((kind) => ({ settleMs: 14_000, ...kind, setting, name: `${called}: ${kind.name}` }));

const NO_SPARE_SLOT = restartAfter(3, 'no slot is free to start the new egress before the old one ends');

/** The same faults where sound comes in another way, or later. */
export const faultsInOtherSettings: readonly FaultKind[] = [
  ...inSetting('slow', 'untuned Egress', [
    { name: 'worker dies', inject: workersDie, mayLose: SLOW_RESTART, recoversWithinS: 12 },
    {
      name: 'Egress has streamed for 12 h',
      inject: ({ world }) => world.livekit.egress.reachLimit(),
      mayLose: SLOW_RESTART,
      recoversWithinS: 12,
    },
    {
      name: 'service is killed (-9) and restarted',
      inject: serviceIsKilled,
      mayLose: SLOW_RESTART,
      recoversWithinS: 12,
    },
    { name: 'service is frozen for 5 s', inject: serviceIsFrozen, recoversWithinS: 13 },
    { name: 'Gladia connection is cut', inject: gladiaIsCut },
    { name: 'participant comes back', inject: speakerComesBack, mayLose: SLOW_RESTART, recoversWithinS: 12 },
  ]),
  ...inSetting('pairs', 'pairs', [
    { name: 'workers die', inject: workersDie, mayLose: RESTART },
    { name: 'egresses fail', inject: egressesFail, mayLose: RESTART },
    { name: 'service is killed (-9) and restarted', inject: serviceIsKilled, mayLose: RESTART },
    { name: 'one of two comes back', inject: speakerComesBack, mayLose: RESTART },
    { name: 'service is frozen for 5 s', inject: serviceIsFrozen, recoversWithinS: 13 },
  ]),
  ...inSetting('twoSlots', 'four people, two slots', [
    { name: 'workers die', inject: workersDie, mayLose: RESTART },
    { name: 'one of two comes back', inject: speakerComesBack, mayLose: NO_SPARE_SLOT },
    { name: 'service is killed (-9) and restarted', inject: serviceIsKilled, mayLose: NO_SPARE_SLOT },
  ]),
  ...inSetting('oneVoice', 'one egress for the room', [
    { name: 'worker dies', inject: workersDie, mayLose: RESTART },
    { name: 'service is killed (-9) and restarted', inject: serviceIsKilled, mayLose: RESTART },
  ]),
];
