/** A text message of the client. */
export interface ClientAction {
  readonly type: unknown;
  readonly data?: unknown;
}

export function readAction(text: string): ClientAction | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && 'type' in value
      ? { type: value.type, data: 'data' in value ? value.data : undefined }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The audio of an `audio_chunk`; an empty chunk is no audio, but it is one. */
export function audioChunkOf({ type, data }: ClientAction): Buffer | undefined {
  if (type !== 'audio_chunk' || !isObject(data) || !('chunk' in data)) return undefined;
  return typeof data.chunk === 'string' ? Buffer.from(data.chunk, 'base64') : undefined;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
