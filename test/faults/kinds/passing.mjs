/** Faults that pass by themselves and strike one room, or one part of the outside, among many. */
export const passingFaults = [
  { name: 'a worker dies', strike: killOne },
  {
    name: 'a worker dies and two starts fail',
    strike: (context) => {
      context.world.livekit.egress.faults.failingStarts = 1;
      context.world.livekit.egress.faults.unavailableStarts = 1;
      return killOne(context);
    },
  },
  {
    name: 'an egress is stopped by a stranger',
    strike: ({ world, pick }) => {
      const info = pick(world.livekit.egress.running());
      if (info !== undefined) stopQuietly(world, info.egressId);
    },
  },
  { name: 'an egress fails', strike: (context) => toOneEgress(context, 'fail') },
  { name: 'an egress has streamed for 12 h', strike: (context) => toOneEgress(context, 'reachLimit') },
  { name: 'an egress vanishes, half open', strike: (context) => toOneEgress(context, 'vanish') },
  { name: 'a worker dies, the answer of the next start is lost', strike: killOneAnd('lostAnswers') },
  { name: 'a worker dies, the account is full for a moment', strike: killOneAnd('limitedStarts') },
  { name: 'a Gladia connection is cut', strike: (context) => oneGladiaSession(context, 'close') },
  { name: 'Gladia closes with 1011', strike: (context) => oneGladiaSession(context, 'close', { code: 1011 }) },
  { name: 'Gladia closes with 4500', strike: (context) => oneGladiaSession(context, 'close', { code: 4500 }) },
  { name: 'Gladia stops reading for 2 s', strike: (context) => oneGladiaSession(context, 'pause', { ms: 2_000 }) },
  { name: 'Gladia sends nonsense', strike: (context) => oneGladiaSession(context, 'send', { text: '{ not json' }) },
  {
    name: 'upgrades and posts fail',
    strike: ({ world }) => world.gladiaKnob('faults', { upgrades: [503], posts: [{ status: 502 }] }),
  },
  {
    name: 'a track is republished',
    strike: ({ room, random }) => room.republish(Math.floor(random() * room.people.length)),
  },
  {
    name: 'somebody leaves and comes back',
    strike: ({ room, random }) => room.rejoin(Math.floor(random() * room.people.length)),
  },
  {
    name: 'somebody mutes for 2 s',
    strike: ({ room }) => void room.mute(room.speaking, 2_000),
  },
  { name: 'webhooks are lost', strike: ({ world }) => world.livekit.webhooks.faults.plan('*', { kind: 'lose' }, 3) },
  {
    name: 'webhooks are doubled',
    strike: ({ world }) => world.livekit.webhooks.faults.plan('*', { kind: 'double' }, 3),
  },
  {
    name: 'webhooks are late',
    strike: ({ world }) => world.livekit.webhooks.faults.plan('*', { kind: 'delay', delayMs: 2_000 }, 3),
  },
  { name: 'the service stands still for half a second', strike: ({ world }) => world.freeze(500) },
];

function toOneEgress({ world, pick }, fault) {
  const info = pick(world.livekit.egress.running());
  if (info !== undefined) return world.livekit.egress[fault](info.egressId);
}

function killOne(context) {
  return toOneEgress(context, 'kill');
}

function killOneAnd(planned) {
  return (context) => {
    context.world.livekit.egress.faults[planned] += 1;
    return killOne(context);
  };
}

function stopQuietly(world, id) {
  try {
    world.livekit.egress.stop(id);
  } catch {
    // It was ending already.
  }
}

async function oneGladiaSession({ world, pick }, action, body = {}) {
  const session = pick((await world.gladiaKnob('sessions')).filter(({ state }) => state !== 'done'));
  if (session !== undefined) await world.gladiaKnob(`sessions/${session.id}/${action}`, body);
}
