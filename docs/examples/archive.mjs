import { createWriteStream } from 'node:fs';

/** Appends every final sentence to a file, as a line of JSON. */
export const extend = ({ EventBus, facts }) => {
  const file = createWriteStream(process.env.ARCHIVE_FILE, { flags: 'a' });
  const keep = ({ sessionId, segment }) => {
    if (segment.final && segment.text !== '') file.write(`${JSON.stringify({ sessionId, ...segment })}\n`);
  };
  const listen = (events) => events.on(facts.TranscriptReady, keep);
  return {
    module: class ArchiveModule {},
    providers: [{ provide: 'archive', inject: [EventBus], useFactory: listen }],
  };
};
