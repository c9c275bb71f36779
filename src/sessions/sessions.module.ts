import { Module } from '@nestjs/common';
import { SessionDirectory } from './session-directory.port.js';
import { TranscriptionModule } from '../transcription/transcription.module.js';
import { JournalModule } from '../transcripts/journal.module.js';
import { EncryptedTracks } from './encrypted-tracks.js';
import { LiveKitRooms } from './livekit-rooms.js';
import { LiveKitWebhookController } from './livekit-webhook.controller.js';
import { RoomReconciler } from './room-reconciler.js';
import { Rooms } from './rooms.js';
import { SessionList } from './session-list.js';
import { SessionPersistence } from './session-persistence.js';
import { SessionRecovery } from './session-recovery.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { SessionStore } from './session-store.js';

@Module({
  imports: [JournalModule, TranscriptionModule],
  controllers: [SessionsController, LiveKitWebhookController],
  providers: [
    SessionStore,
    SessionPersistence,
    SessionsService,
    SessionList,
    SessionRecovery,
    EncryptedTracks,
    RoomReconciler,
    { provide: SessionDirectory, useExisting: SessionsService },
    { provide: Rooms, useClass: LiveKitRooms },
  ],
  exports: [SessionDirectory],
})
export class SessionsModule {}
