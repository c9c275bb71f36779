import { RESTART, restartAfter, SLOW_RESTART } from './losses.mjs';

const workerDies = ({ world }) => world.livekit.egress.kill();
const fails = ({ world }) => world.livekit.egress.fail();
const isKilled = ({ world }) => world.restartService();
const isUnsure = ({ world }) => world.everyGladiaSession('close');
const comesBack = ({ room }) => room.rejoin(room.speaking);
const standsStill = ({ world }) => world.freeze(5_000);

const inSetting = (setting, called, kinds) =>
  kinds.map((kind) => ({ settleMs: 14_000, ...kind, setting, name: `${called}: ${kind.name}` }));

/** The same where sound comes in another way, or later. */
export const faultsElsewhere = [
  ...inSetting('slow', 'untuned Egress', [
    { name: 'worker dies', strike: workerDies, mayLose: SLOW_RESTART, recoversWithinS: 12 },
    {
      name: 'Egress has streamed for 12 h',
      strike: ({ world }) => world.livekit.egress.reachLimit(),
      mayLose: SLOW_RESTART,
      recoversWithinS: 12,
    },
    { name: 'service is killed (-9) and restarted', strike: isKilled, mayLose: SLOW_RESTART, recoversWithinS: 12 },
    { name: 'service stands still for 5 s', strike: standsStill, recoversWithinS: 13 },
    { name: 'Gladia connection is cut', strike: isUnsure },
    { name: 'participant comes back', strike: comesBack, mayLose: SLOW_RESTART, recoversWithinS: 12 },
  ]),
  ...inSetting('pairs', 'pairs', [
    { name: 'workers die', strike: workerDies, mayLose: RESTART },
    { name: 'egresses fail', strike: fails, mayLose: RESTART },
    { name: 'service is killed (-9) and restarted', strike: isKilled, mayLose: RESTART },
    { name: 'one of two comes back', strike: comesBack, mayLose: RESTART },
    { name: 'service stands still for 5 s', strike: standsStill, recoversWithinS: 13 },
  ]),
  ...inSetting('twoSlots', 'four people, two slots', [
    { name: 'workers die', strike: workerDies, mayLose: RESTART },
    {
      name: 'one of two comes back',
      strike: comesBack,
      mayLose: restartAfter(3, 'no slot is spare for making before breaking'),
    },
    {
      name: 'service is killed (-9) and restarted',
      strike: isKilled,
      mayLose: restartAfter(3, 'no slot is spare for making before breaking'),
    },
  ]),
  ...inSetting('oneVoice', 'one egress for the room', [
    { name: 'worker dies', strike: workerDies, mayLose: RESTART },
    { name: 'service is killed (-9) and restarted', strike: isKilled, mayLose: RESTART },
  ]),
];
