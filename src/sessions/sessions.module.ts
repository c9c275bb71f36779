import { Module } from '@nestjs/common';
import { TranscriptionModule } from '../transcription/transcription.module.js';
import { JournalModule } from '../transcripts/journal.module.js';
import { AttendancePresence } from './attendance-presence.js';
import { AttendanceStore } from './attendance-store.js';
import { EncryptedTracks } from './encrypted-tracks.js';
import { LiveKitRooms } from './livekit-rooms.js';
import { LiveKitWebhookController } from './livekit-webhook.controller.js';
import { Presence } from './presence.port.js';
import { AttendanceReadingRights } from './reading-rights.js';
import { ReadingRights } from './reading-rights.port.js';
import { RoomReconciler } from './room-reconciler.js';
import { RoomsController } from './rooms.controller.js';
import { Rooms } from './rooms.js';
import { SessionDirectory } from './session-directory.port.js';
import { SessionList } from './session-list.js';
import { SessionPersistence } from './session-persistence.js';
import { SessionRecovery } from './session-recovery.js';
import { SessionStore } from './session-store.js';
import { SessionViews } from './session-views.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [JournalModule, TranscriptionModule],
  controllers: [SessionsController, RoomsController, LiveKitWebhookController],
  providers: [
    AttendanceStore,
    SessionStore,
    SessionPersistence,
    SessionsService,
    SessionList,
    SessionViews,
    SessionRecovery,
    EncryptedTracks,
    RoomReconciler,
    { provide: SessionDirectory, useExisting: SessionsService },
    { provide: Presence, useClass: AttendancePresence },
    { provide: ReadingRights, useClass: AttendanceReadingRights },
    { provide: Rooms, useClass: LiveKitRooms },
  ],
  exports: [Presence, ReadingRights, SessionDirectory],
})
export class SessionsModule {}
