import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { transcriptSchema, type Message, type TranscriptMessage } from '../../libs/protocol/message.js';
import { Deferred } from '../async/deferred.js';
import { CurrentSession, RequiresGrant } from '../http/access.js';
import { ApiProblem, Returns, ReturnsEvents, ReturnsText } from '../http/api-docs.js';
import { afterSchema, limitSchema, LINK_DESCRIPTION, linkNext } from '../http/pagination.js';
import { ProblemException } from '../http/problem.exception.js';
import type { SessionEntry } from '../sessions/session-directory.port.js';
import { EventStream } from './event-stream.js';
import { Journals } from './journals.js';
import type { SessionJournal } from './session-journal.js';
import { SUBTITLES, type SubtitleForm } from './subtitles.js';

const transcriptQuerySchema = z.strictObject({ after: afterSchema, limit: limitSchema });
/** How many messages are read for a reader at once. */
const EVENTS_PER_PAGE = 500;
const formSchema = z.enum(['vtt', 'srt', 'txt']);
const EXAMPLES = {
  'text/vtt': 'WEBVTT\n\n1\n00:00:12.340 --> 00:00:13.870\n<v Alice>Hello world\n',
  'application/x-subrip': '1\n00:00:12,340 --> 00:00:13,870\nAlice: Hello world\n',
  'text/plain': '[00:00:12] Alice: Hello world\n',
};

@ApiTags('transcripts')
@Controller('sessions/:id')
export class TranscriptsController {
  constructor(private readonly journals: Journals) {}

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
    const finals = await this.#finals(id, after, limit + 1);
    const page = finals.slice(0, limit);
    if (finals.length > limit) linkNext(response, { after: page.at(-1)?.seq, limit });
    return page;
  }

  @Get('transcript.:form')
  @RequiresGrant('read')
  @ApiOperation({ summary: 'All finals as WebVTT, SubRip or plain text' })
  @ReturnsText(EXAMPLES, 'A file of the form that the path names')
  @ApiProblem('database_unavailable')
  async getSubtitles(
    @CurrentSession() { id }: SessionEntry,
    @Param('form', { schema: formSchema }) form: SubtitleForm,
    @Res() response: Response,
  ): Promise<void> {
    const { type, write } = SUBTITLES[form];
    response.set('Content-Disposition', `inline; filename="transcript-${id}.${form}"`);
    response.type(`${type}; charset=utf-8`).send(write(await this.#finals(id)));
  }

  /**
   * Every message from now on, or after `Last-Event-ID`. A reader without one gets a snapshot of the last finals first, like
   * a participant who joins late. 204 means that the reader has all messages and no more will follow.
   */
  @Get('events')
  @RequiresGrant('read')
  @ApiOperation({
    summary: 'Server-sent events: the messages of the data channel, id = seq',
    description:
      'With `Last-Event-ID` every message after that one, then those that follow. Without it, or where it is no `seq`, ' +
      'a snapshot of the last finals first.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The last `seq` that was read', example: '42' })
  @ReturnsEvents('A stream that ends after the last message of the session')
  @ApiResponse({ status: 204, description: 'The session has ended, and there is no message after `Last-Event-ID`' })
  async getEvents(
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentSession() { id }: SessionEntry,
    @Res() response: Response,
  ): Promise<void> {
    const journal = await this.journals.load(id);
    const after = seqOf(lastEventId);
    const first =
      after === undefined
        ? [journal.snapshot() ?? []].flat()
        : await this.journals.since(journal, id, after, EVENTS_PER_PAGE);
    if (journal.ended && first.length === 0) {
      response.status(204).end();
      return;
    }
    await this.#stream(journal, id, first, after ?? journal.lastSeq, response);
  }

  /**
   * Sends the messages page by page, each as fast as the reader takes it, so that a reader far behind costs no more memory
   * than others; then waits for more, until the session has ended or the reader is gone.
   */
  async #stream(
    journal: SessionJournal,
    id: string,
    first: readonly Message[],
    after: number,
    response: Response,
  ): Promise<void> {
    const stream = new EventStream(response);
    let [page, sentSeq] = [first, after];
    while (!response.destroyed) {
      for (const message of page) {
        await stream.send(message);
        sentSeq = message.seq;
      }
      const published = nextMessage(journal, response);
      page = await this.journals.since(journal, id, sentSeq, EVENTS_PER_PAGE);
      if (page.length === 0 && journal.ended) break;
      if (page.length === 0) await published.promise;
      published.stop();
    }
    stream.end();
  }

  async #finals(id: string, after?: number, most?: number): Promise<TranscriptMessage[]> {
    return this.journals.finals(id, after, most).catch((cause: unknown) => {
      throw new ProblemException('database_unavailable', 'the database does not answer: ask again later', { cause });
    });
  }
}

/** Resolves when a message is published, or the reader is gone. To be stopped. */
function nextMessage(journal: SessionJournal, response: Response): { promise: Promise<void>; stop: () => void } {
  const next = new Deferred();
  const resolve = (): void => next.resolve();
  const unfollow = journal.follow(resolve);
  response.once('close', resolve);
  const stop = (): void => {
    unfollow();
    response.off('close', resolve);
  };
  return { promise: next.promise, stop };
}

/** A valid `seq`; undefined for anything else. */
const seqOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
