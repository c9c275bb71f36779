import { Module } from '@nestjs/common';
import { JournalModule } from '../transcripts/journal.module.js';
import { WebhookCursors } from './webhook-cursors.js';
import { WebhooksService } from './webhooks.service.js';

@Module({ imports: [JournalModule], providers: [WebhookCursors, WebhooksService] })
export class WebhooksModule {}
