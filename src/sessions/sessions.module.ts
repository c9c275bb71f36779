import { Module } from '@nestjs/common';
import { SessionDirectory } from '../records/session-directory.js';
import { JournalModule } from '../transcripts/journal.module.js';
import { LiveKitRooms } from './livekit-rooms.js';
import { LiveKitWebhookController } from './livekit-webhook.controller.js';
import { RoomSteward } from './room-steward.js';
import { Rooms } from './rooms.js';
import { SessionList } from './session-list.js';
import { SessionKeeper } from './session-keeper.js';
import { SessionRestart } from './session-restart.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { SessionStore } from './session-store.js';

@Module({
  imports: [JournalModule],
  controllers: [SessionsController, LiveKitWebhookController],
  providers: [
    SessionStore,
    SessionKeeper,
    SessionsService,
    SessionList,
    SessionRestart,
    RoomSteward,
    { provide: SessionDirectory, useExisting: SessionsService },
    { provide: Rooms, useClass: LiveKitRooms },
  ],
  exports: [SessionDirectory],
})
export class SessionsModule {}
