import { Module } from '@nestjs/common';
import { SessionDirectory } from './session-directory.port.js';
import { JournalModule } from '../transcripts/journal.module.js';
import { LiveKitRooms } from './livekit-rooms.js';
import { LiveKitWebhookController } from './livekit-webhook.controller.js';
import { RoomReconciler } from './room-reconciler.js';
import { Rooms } from './rooms.js';
import { SessionPersistence } from './session-persistence.js';
import { SessionRecovery } from './session-recovery.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { SessionStore } from './session-store.js';

@Module({
  imports: [JournalModule],
  controllers: [SessionsController, LiveKitWebhookController],
  providers: [
    SessionStore,
    SessionPersistence,
    SessionsService,
    SessionRecovery,
    RoomReconciler,
    { provide: SessionDirectory, useExisting: SessionsService },
    { provide: Rooms, useClass: LiveKitRooms },
  ],
  exports: [SessionDirectory],
})
export class SessionsModule {}
