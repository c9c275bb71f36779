import { afterAll, describe, expect, it } from '@jest/globals';
import { fixRandomness, restoreRandomness } from './fixed-randomness.js';
import { loadRecording, PATIENCE_MS, recordingNames } from './recordings.js';

// Before the service is loaded, which may keep what it imports.
fixRandomness();
const { difference } = await import('./difference.js');
const { replay } = await import('./player.js');

/** Tests that every `of`th recording comes out as it was recorded, so that several processes can share the work. */
export function replayShare(share: number, of: number): void {
  describe(`recorded sessions, replayed (${share + 1} of ${of})`, () => {
    afterAll(restoreRandomness);

    it.each(recordingNames().filter((_, index) => index % of === share))(
      '%s',
      async (name) => {
        const recording = loadRecording(name);
        expect(difference(recording, await replay(recording))).toBeUndefined();
      },
      PATIENCE_MS,
    );
  });
}
