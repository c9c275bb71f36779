import { transcript, type GladiaUtterance, type OutgoingMessage } from './messages.js';
import type { FinalMode } from './options.js';

/** What is sent for a final: itself, or what a faulty service makes of it. */
export function finalMessages(mode: FinalMode, id: string, utterance: GladiaUtterance): OutgoingMessage[] {
  const final = transcript(id, true, utterance);
  switch (mode) {
    case 'normal':
      return [final];
    case 'never':
      return [];
    case 'twice':
      return [final, final];
    case 'changed':
      return [final, transcript(id, true, { ...utterance, text: `${utterance.text} indeed` })];
    case 'empty':
      return [transcript(id, true, { ...utterance, text: '', words: [] })];
    case 'withoutWords': {
      const { words: _words, ...rest } = utterance;
      return [transcript(id, true, rest)];
    }
    case 'beforePartials':
      return [final, transcript(id, false, utterance)];
  }
}
