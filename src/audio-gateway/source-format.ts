/** What a source says that it sends. */
export type SourceFormat =
  { readonly codec: 'pcm'; readonly rateHz: 48_000; readonly channels: 2 } | { readonly codec: 'opus' };

const PCM: SourceFormat = { codec: 'pcm', rateHz: 48_000, channels: 2 };
const OPUS: SourceFormat = { codec: 'opus' };

/**
 * Reads the `Content-Type` of an upgrade. Egress sends `audio/x-raw`, which is always S16LE at 48 kHz in stereo; a source of
 * Opus packets, one in each binary message, says `audio/opus`, with or without parameters. Undefined for anything else.
 */
export function parseSourceFormat(contentType: string | undefined): SourceFormat | undefined {
  switch (contentType?.split(';', 1)[0]?.trim().toLowerCase()) {
    case 'audio/x-raw':
      return PCM;
    case 'audio/opus':
      return OPUS;
    default:
      return undefined;
  }
}
