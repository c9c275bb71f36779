import { cleanText } from '../../libs/protocol/text.js';
import { fits } from '../../libs/protocol/codec.js';
import type { TranslationMessage } from '../../libs/protocol/message.js';
import type { TranslationReady } from '../events/domain-events.js';
import { cutOf } from './split-text.js';

type Unnumbered = Omit<TranslationMessage, 'seq'>;

/** The messages for a translation. A text too long for a data packet is split, with ids as for a split segment. */
export function translationMessages({ sessionId, segmentId, language, text }: TranslationReady): Unnumbered[] {
  return split({ v: 1, type: 'translation', sessionId, segmentId, language, text: cleanText(text) });
}

function split(message: Unnumbered): Unnumbered[] {
  if (fits({ ...message, seq: Number.MAX_SAFE_INTEGER })) return [message];
  const { segmentId, text } = message;
  const cut = cutOf(text);
  if (cut === undefined) return [message];
  return [
    ...split({ ...message, segmentId: `${segmentId}a`, text: text.slice(0, cut) }),
    ...split({ ...message, segmentId: `${segmentId}b`, text: text.slice(cut).trimStart() }),
  ];
}
