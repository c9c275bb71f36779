import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { messageSchema, transcriptSchema, type Message, type TranscriptMessage } from '../../libs/protocol/message.js';
import { CurrentSession, Grants, RequiresGrant } from '../http/access.js';
import { ApiProblem, Returns, ReturnsEvents, ReturnsText } from '../http/api-docs.js';
import { databaseAnswer } from '../http/database-answer.js';
import { afterSchema, limitSchema, LINK_DESCRIPTION, linkNext } from '../http/pagination.js';
import { AccessTickets } from '../livekit/access-tickets.js';
import type { RoomGrants } from '../livekit/room-access.js';
import type { SessionEntry } from '../sessions/session-directory.port.js';
import { EventStreams } from './event-streams.js';
import { Journals } from './journals.js';
import { kindsOf, MESSAGE_TYPES } from './message-row.js';
import { exportSubtitles } from './subtitle-export.js';
import { SUBTITLE_FORMS, SUBTITLES, type SubtitleForm } from './subtitles.js';

const transcriptQuerySchema = z.strictObject({ after: afterSchema, limit: limitSchema });
/** A comma-separated list; a snapshot has no number of its own. */
const typesSchema = z
  .string()
  .default(MESSAGE_TYPES.join())
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(MESSAGE_TYPES)))
  .meta({ description: `Only these, comma-separated: ${MESSAGE_TYPES.join(', ')}`, examples: ['transcript,status'] });
const messagesQuerySchema = z.strictObject({ after: afterSchema, types: typesSchema, limit: limitSchema });
const eventsQuerySchema = z.strictObject({
  ticket: z.string().max(64).optional().meta({ description: 'From `POST …/events/ticket`, in place of Authorization' }),
});
const ticketSchema = z.object({ ticket: z.string(), expiresAt: z.iso.datetime() }).meta({ id: 'EventsTicket' });
const formSchema = z.enum(SUBTITLE_FORMS);
const subtitlesQuerySchema = z.strictObject({
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/, 'must be a code of ISO 639-1 such as fr')
    .optional()
    .meta({ description: 'Translations into this language, where there are any', examples: ['fr'] }),
});
const EXAMPLES = {
  'text/vtt': 'WEBVTT\n\n1\n00:00:12.340 --> 00:00:13.870\n<v Alice>Hello world\n',
  'application/x-subrip': '1\n00:00:12,340 --> 00:00:13,870\nAlice: Hello world\n',
  'text/plain': '[00:00:12] Alice: Hello world\n',
};

@ApiTags('transcripts')
@Controller('sessions/:id')
export class TranscriptsController {
  constructor(
    private readonly journals: Journals,
    private readonly streams: EventStreams,
    private readonly tickets: AccessTickets,
  ) {}

  @Get('transcript')
  @RequiresGrant('read')
  @ApiOperation({ summary: 'The finals, oldest first' })
  @Returns(z.array(transcriptSchema), {
    description: 'One page of them',
    headers: { Link: LINK_DESCRIPTION },
  })
  @ApiProblem('database_unavailable')
  async getTranscript(
    @CurrentSession() { id }: SessionEntry,
    @Query({ schema: transcriptQuerySchema }) { after, limit }: z.infer<typeof transcriptQuerySchema>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TranscriptMessage[]> {
    const finals = (await databaseAnswer(this.journals.page(id, ['final'], after, limit + 1))) as TranscriptMessage[];
    const page = finals.slice(0, limit);
    if (finals.length > limit) linkNext(response, { after: page.at(-1)?.seq, limit });
    return page;
  }

  @Get('transcript.:form')
  @RequiresGrant('read')
  @ApiOperation({ summary: 'All that was said as WebVTT, SubRip or plain text, with gaps' })
  @ReturnsText(EXAMPLES, 'A file of the form that the path names')
  @ApiProblem('database_unavailable')
  async getSubtitles(
    @CurrentSession() { id, liveAtUnixMs }: SessionEntry,
    @Param('form', { schema: formSchema }) form: SubtitleForm,
    @Query({ schema: subtitlesQuerySchema }) { language }: z.infer<typeof subtitlesQuerySchema>,
    @Res() response: Response,
  ): Promise<void> {
    const chunks = exportSubtitles(this.journals, id, { form, language, liveAtUnixMs });
    // The head comes alone, so a database that does not answer can still be reported.
    const head = await chunks.next();
    const first = await databaseAnswer(chunks.next());
    response.set('Content-Disposition', `inline; filename="transcript-${id}.${form}"`);
    response.type(`${SUBTITLES[form].type}; charset=utf-8`);
    await pipeline(Readable.from(inOrder([head, first], chunks)), response).catch(() => response.destroy());
  }

  @Get('messages')
  @RequiresGrant('read')
  @ApiOperation({
    summary:
      'Every message by `seq`: finals, translations, statuses and gaps; of interims only their numbers are missing',
  })
  @Returns(z.array(messageSchema), { description: 'One page of them', headers: { Link: LINK_DESCRIPTION } })
  @ApiProblem('database_unavailable')
  async getMessages(
    @CurrentSession() { id }: SessionEntry,
    @Query({ schema: messagesQuerySchema }) { after, limit, types }: z.infer<typeof messagesQuerySchema>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Message[]> {
    const messages = await databaseAnswer(this.journals.page(id, kindsOf(types), after, limit + 1));
    const page = messages.slice(0, limit);
    if (messages.length > limit) linkNext(response, { after: page.at(-1)?.seq, types: types.join(), limit });
    return page;
  }

  /**
   * Every message from now on, or after `Last-Event-ID`. A reader without one gets a snapshot first, like a participant who
   * joins late. 204 means that the reader has all messages and no more will follow.
   */
  @Get('events')
  @RequiresGrant('read', { takesTicket: true })
  @ApiOperation({
    summary: 'Server-sent events: the messages of the data channel, id = seq',
    description:
      'With `Last-Event-ID` every message after that one, then those that follow. Without it, or where it is no `seq`, ' +
      'a snapshot first. An event `close` with a `code` comes where the stream ends before its session: `unauthorized`, ' +
      '`forbidden` or `too_slow`.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The last `seq` that was read', example: '42' })
  @ReturnsEvents('A stream that ends after the last message of the session')
  @ApiResponse({ status: 204, description: 'The session has ended, and there is no message after `Last-Event-ID`' })
  @ApiProblem('too_many_requests')
  async getEvents(
    @Headers('last-event-id') lastEventId: string | undefined,
    @Query({ schema: eventsQuerySchema }) _: z.infer<typeof eventsQuerySchema>,
    @CurrentSession() session: SessionEntry,
    @Grants() grants: RoomGrants,
    @Res() response: Response,
  ): Promise<void> {
    const isStreamed = await this.streams.stream({ session, grants }, seqOf(lastEventId), response);
    if (!isStreamed) response.status(204).end();
  }

  @Post('events/ticket')
  @RequiresGrant('read')
  @ApiOperation({ summary: 'A ticket that opens one event stream, for `EventSource`, which sends no Authorization' })
  @Returns(ticketSchema, { status: 201, description: 'Good for one minute, and once: `GET …/events?ticket=`' })
  createTicket(@CurrentSession() { id }: SessionEntry, @Grants() grants: RoomGrants): z.infer<typeof ticketSchema> {
    const { ticket, expiresAtUnixMs } = this.tickets.issue(id, grants);
    return { ticket, expiresAt: new Date(expiresAtUnixMs).toISOString() };
  }
}

async function* inOrder(
  first: readonly IteratorResult<string>[],
  rest: AsyncGenerator<string>,
): AsyncGenerator<string> {
  for (const { done, value } of first) if (done !== true) yield value;
  yield* rest;
}

/** A valid `seq`; undefined for anything else. */
const seqOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
