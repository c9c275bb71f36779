import { Controller, Headers, Post, Req, type RawBodyRequest } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { Public } from '../http/access.js';
import { ApiProblem, Returns } from '../http/api-docs.js';
import { ProblemException } from '../http/problem.exception.js';
import { AnyQuery, assertJson } from '../http/request-check.interceptor.js';
import { LiveKitWebhooks, WebhookRefused } from '../livekit/livekit-webhooks.js';

const receivedSchema = z.object({ received: z.literal(true) }).meta({ id: 'WebhookReceived' });

@ApiTags('livekit')
@Controller('livekit')
export class LiveKitWebhookController {
  constructor(private readonly webhooks: LiveKitWebhooks) {}

  /** LiveKit signs the raw body, so that is what is checked, whatever a parser would make of it. */
  @Post('webhook')
  @Public()
  @AnyQuery()
  @ApiOperation({ summary: 'What LiveKit has to say of rooms, participants, tracks and egresses' })
  @ApiSecurity('webhook')
  @ApiBody({
    schema: { type: 'object', additionalProperties: true },
    examples: { event: { value: { event: 'room_started' } } },
  })
  @Returns(receivedSchema, { description: 'Its signature fits' })
  @ApiProblem('unauthorized')
  async receiveWebhook(
    @Req() request: RawBodyRequest<Request>,
    @Headers('authorization') authorization: string | undefined,
  ): Promise<z.infer<typeof receivedSchema>> {
    assertJson(request);
    try {
      await this.webhooks.accept(request.rawBody?.toString('utf8') ?? '', authorization);
    } catch (error) {
      if (error instanceof WebhookRefused) throw new ProblemException('unauthorized', error.message, { cause: error });
      throw error;
    }
    return { received: true };
  }
}
