import { createWriteStream } from 'node:fs';

/** Appends every final sentence to a file, as a line of JSON. */
export const extend = ({ EventBus, events }) => {
  const file = createWriteStream(process.env.ARCHIVE_FILE, { flags: 'a' });
  const keep = ({ message }) => {
    if (message.type === 'transcript' && message.final && message.text !== '')
      file.write(`${JSON.stringify(message)}\n`);
  };
  const listen = (bus) => bus.on(events.MessagePublished, keep);
  return {
    module: class ArchiveModule {},
    providers: [{ provide: 'archive', inject: [EventBus], useFactory: listen }],
  };
};
