import { decode } from '../libs/protocol/codec.js';
import type { Message, StatusMessage, TranscriptMessage } from '../libs/protocol/message.js';
import type { SandboxParticipant } from '../libs/sandbox/livekit/sandbox-participant.js';

/** What a participant was sent, decoded. */
export const messagesTo = (participant: SandboxParticipant): Message[] =>
  participant.received.map(({ payload }) => decode(payload));

/** Resolves with the first message to the participant, past or future, that fits. */
export async function messageTo<M extends Message>(
  participant: SandboxParticipant,
  fits: (message: Message) => message is M,
): Promise<M> {
  const past = messagesTo(participant).find(fits);
  if (past !== undefined) return past;
  return new Promise((resolve) => {
    const stop = participant.onData(({ payload }) => {
      const message = decode(payload);
      if (!fits(message)) return;
      stop();
      resolve(message);
    });
  });
}

export const isFinal = (message: Message): message is TranscriptMessage =>
  message.type === 'transcript' && message.final;

/** The last message of a session. */
export const isEnd = (message: Message): message is StatusMessage =>
  message.type === 'status' && message.status === 'ended';
