import { msToSamples } from '../media/audio-format.js';
import { AudioLog } from './audio-log.js';
import { SpillFile } from './spill-file.js';
import { UnreadSpill } from './unread-spill.js';

export interface AudioLogSize {
  /** Seconds that are kept in memory. */
  readonly audioLogS: number;
  /** Seconds that are kept on disk beyond that; none where absent. */
  readonly spillS?: number | undefined;
  readonly spillDirectory?: string | undefined;
}

/** A log in memory, and on disk beyond that where the settings say so. `unread` is the first sample still to be read. */
export function openAudioLog(size: AudioLogSize, channels: number, unread: () => number): AudioLog {
  const { audioLogS, spillS = 0, spillDirectory } = size;
  const inMemory = msToSamples(audioLogS * 1000);
  if (spillS === 0 || spillDirectory === undefined) return new AudioLog(inMemory, channels);
  const file = new SpillFile(spillDirectory, msToSamples(spillS * 1000), channels);
  return new AudioLog(inMemory, channels, new UnreadSpill(file, unread));
}
