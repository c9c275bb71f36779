import { msToSamples } from '../media/audio-format.js';
import { AudioLog } from './audio-log.js';
import type { GladiaAccount } from '../gladia/api/gladia-settings.js';
import { SpillFile } from './spill-file.js';
import { UnreadSpill } from './unread-spill.js';

type LogSize = Pick<GladiaAccount, 'audioLogS' | 'spillS' | 'spillDirectory'>;

/** A log in memory, and on disk beyond that where the settings say so. `unread` is the first sample still to be read. */
export function openAudioLog(size: LogSize, channels: number, unread: () => number): AudioLog {
  const { audioLogS, spillS = 0, spillDirectory } = size;
  const inMemory = msToSamples(audioLogS * 1000);
  if (spillS === 0 || spillDirectory === undefined) return new AudioLog(inMemory, channels);
  const file = new SpillFile(spillDirectory, msToSamples(spillS * 1000), channels);
  return new AudioLog(inMemory, channels, new UnreadSpill(file, unread));
}
