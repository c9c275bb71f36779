import {
  Controller,
  Get,
  Headers,
  NotFoundException,
  Param,
  Query,
  Req,
  Res,
  ServiceUnavailableException,
} from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { TranscriptMessage } from '../../libs/protocol/message.js';
import { RoomAccess } from '../livekit/room-access.js';
import { SessionDirectory } from '../sessions/session-directory.port.js';
import { EventStream } from './event-stream.js';
import { Journals } from './journals.js';
import type { SessionJournal } from './session-journal.js';
import { SUBTITLES, type SubtitleForm } from './subtitles.js';

@ApiTags('transcripts')
@ApiBearerAuth()
@Controller('sessions/:id')
export class TranscriptsController {
  constructor(
    private readonly journals: Journals,
    private readonly directory: SessionDirectory,
    private readonly access: RoomAccess,
  ) {}

  @Get('transcript')
  @ApiOperation({ summary: 'The finals, oldest first; with ?after={seq} only those numbered above it' })
  async transcript(
    @Headers('authorization') authorization: string | undefined,
    @Param('id') id: string,
    @Query('after') after?: string,
  ) {
    await this.#assertReadable(authorization, id);
    return this.#finals(id, seqOf(after));
  }

  @Get(['transcript.vtt', 'transcript.srt', 'transcript.txt'])
  @ApiOperation({ summary: 'The finals as WebVTT, SubRip or plain text' })
  async subtitles(
    @Headers('authorization') authorization: string | undefined,
    @Param('id') id: string,
    @Req() { path }: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.#assertReadable(authorization, id);
    const { type, write } = SUBTITLES[path.slice(-3) as SubtitleForm];
    response.type(`${type}; charset=utf-8`).send(write(await this.#finals(id)));
  }

  /**
   * Every message from now on, or from `Last-Event-ID` on. A reader who comes without one gets, like a participant who
   * joins late, a snapshot of the last finals first. 204 tells a reader who has it all that no more will come.
   */
  @Get('events')
  @ApiOperation({ summary: 'Server-sent events: the messages of the data channel, id = seq' })
  async events(
    @Headers('authorization') authorization: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Param('id') id: string,
    @Res() response: Response,
  ): Promise<void> {
    await this.#assertReadable(authorization, id);
    const journal = await this.journals.of(id);
    const after = seqOf(lastEventId);
    const missed =
      after === undefined ? [journal.snapshot() ?? []].flat() : await this.journals.since(journal, id, after);
    if (journal.ended && missed.length === 0) {
      response.status(204).end();
      return;
    }
    const stream = new EventStream(response);
    for (const message of missed) stream.send(message);
    const sentSeq = missed.at(-1)?.seq ?? after;
    // What was told while the database was asked.
    if (sentSeq !== undefined) for (const message of journal.since(sentSeq)) stream.send(message);
    if (journal.ended) stream.end();
    else followUntilEnd(journal, stream, response);
  }

  async #finals(id: string, after?: number): Promise<TranscriptMessage[]> {
    return this.journals.finals(id, after).catch((cause: unknown) => {
      throw new ServiceUnavailableException('the database does not answer: ask again later', { cause });
    });
  }

  async #assertReadable(authorization: string | undefined, id: string): Promise<void> {
    const grants = await this.access.grants(authorization);
    const session = await this.directory.lookUp(id);
    if (session === undefined) throw new NotFoundException('no such session');
    grants.assertReads(session.room);
  }
}

function followUntilEnd(journal: SessionJournal, stream: EventStream, response: Response): void {
  const unfollow = journal.follow((message) => {
    stream.send(message);
    if (journal.ended) stream.end();
  });
  response.on('close', unfollow);
}

/** A number that was given out as `seq`; undefined for anything else. */
const seqOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
