import { Module } from '@nestjs/common';
import { SessionDirectory } from '../records/session-directory.js';
import { LiveKitRoomParticipants } from './livekit-room-participants.js';
import { LiveKitWebhookController } from './livekit-webhook.controller.js';
import { RoomParticipants } from './room-participants.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';

@Module({
  controllers: [SessionsController, LiveKitWebhookController],
  providers: [
    SessionsService,
    { provide: SessionDirectory, useExisting: SessionsService },
    { provide: RoomParticipants, useClass: LiveKitRoomParticipants },
  ],
  exports: [SessionDirectory],
})
export class SessionsModule {}
