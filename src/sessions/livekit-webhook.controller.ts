import { Controller, Headers, HttpCode, Post, Req, UnauthorizedException, type RawBodyRequest } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LiveKitWebhooks, WebhookRefused } from '../livekit/livekit-webhooks.js';

@ApiTags('livekit')
@Controller('livekit')
export class LiveKitWebhookController {
  constructor(private readonly webhooks: LiveKitWebhooks) {}

  /** LiveKit signs the raw body, so that is what is checked, whatever a parser would make of it. */
  @Post('webhook')
  @HttpCode(200)
  @ApiOperation({ summary: "LiveKit's signed webhooks; 401 when the signature does not fit the raw body" })
  async receive(@Req() request: RawBodyRequest<object>, @Headers('authorization') authorization: string | undefined) {
    try {
      await this.webhooks.accept(request.rawBody?.toString('utf8') ?? '', authorization);
    } catch (error) {
      if (error instanceof WebhookRefused) throw new UnauthorizedException(error.message);
      throw error;
    }
  }
}
