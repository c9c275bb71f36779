import type { JsonSchema } from './json-schema.js';

const TYPES = /Message$/;

/** The AsyncAPI 3.0 document of what listeners receive, over the data channel and over server-sent events. */
export function asyncApi({ $defs: schemas = {} }: JsonSchema): object {
  const names = Object.keys(schemas).filter((name) => TYPES.test(name) && name !== 'Message');
  const channel = (address: string, description: string): object => ({
    address,
    description,
    messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
  });
  const receive = (name: string): object => ({ action: 'receive', channel: { $ref: `#/channels/${name}` } });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Roomscribe: live transcripts of LiveKit rooms',
      version: '1.0.0',
      description: 'What a listener receives. Numbered by `seq`: a hole means that something was missed.',
    },
    defaultContentType: 'application/json',
    channels: {
      dataChannel: channel(
        'transcription',
        'Data packets of a LiveKit room with this topic, reliable, JSON in UTF-8. A packet that has a sender is not from the service.',
      ),
      events: {
        ...channel('/sessions/{id}/events', 'Server-sent events: `id` is the `seq`, `data` one message.'),
        parameters: { id: { description: 'The session.' } },
      },
    },
    operations: { listenInRoom: receive('dataChannel'), listenToEvents: receive('events') },
    components: {
      messages: Object.fromEntries(
        names.map((name) => [name, { name, payload: { $ref: `#/components/schemas/${name}` } }]),
      ),
      schemas: withComponentRefs(schemas),
    },
  };
}

const withComponentRefs = (schemas: object): object =>
  JSON.parse(JSON.stringify(schemas).replaceAll('"#/$defs/', '"#/components/schemas/')) as object;
