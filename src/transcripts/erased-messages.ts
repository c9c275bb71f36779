import type { Message } from '../../libs/protocol/message.js';

/** Whether a message holds words that were erased, or tells of the person who said them. */
export function erases(identity: string, segmentIds: readonly string[]): (message: Message) => boolean {
  const segments = new Set(segmentIds);
  return (message) => {
    if (message.type === 'transcript') return segments.has(message.segmentId) || message.speaker?.identity === identity;
    if (message.type === 'translation') return segments.has(message.segmentId);
    return message.type === 'status' && message.identity === identity;
  };
}
