import { Module } from '@nestjs/common';
import { IntervalModule } from './async/interval.module.js';
import { AudioGatewayModule } from './audio-gateway/audio-gateway.module.js';
import { CaptionPageModule } from './caption-page/caption-page.module.js';
import { ClientTranscriptsModule } from './client-transcripts/client-transcripts.module.js';
import { DiagnosisModule } from './diagnosis/diagnosis.module.js';
import { EgressModule } from './egress/egress.module.js';
import { ErasureModule } from './erasure/erasure.module.js';
import { EventsModule } from './events/events.module.js';
import { GladiaModule } from './gladia/gladia.module.js';
import { HealthModule } from './health/health.module.js';
import { HTTP_EDGE } from './http/edge.js';
import { LiveKitModule } from './livekit/livekit.module.js';
import { MergeModule } from './merge/merge.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { MixerModule } from './mixer/mixer.module.js';
import { ParticipantModule } from './participant/participant.module.js';
import { PublisherModule } from './publisher/publisher.module.js';
import { SessionStateModule } from './sessions/session-state.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { StoreModule } from './store/store.module.js';
import { AudioSourcesModule, SourcesModule } from './sources/sources.module.js';
import { TranscriptionModule } from './transcription/transcription.module.js';
import { TranscriptsModule } from './transcripts/transcripts.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

@Module({
  imports: [
    // The floor on which the features stand.
    EventsModule,
    IntervalModule,
    SessionStateModule,
    AudioSourcesModule,
    MetricsModule,
    StoreModule,
    LiveKitModule,
    // The features, in the order in which sound becomes words.
    SessionsModule, //      rooms -> sessions, tracks
    SourcesModule, //       tracks -> whichever source carries each
    EgressModule, //        ... LiveKit's Egress
    ParticipantModule, //   tracks -> a child process that joins the room
    AudioGatewayModule, //  Egress's sockets -> 16 kHz mono
    MixerModule, //         tracks -> one stream, and who spoke when
    TranscriptionModule, // the stream -> words with speakers
    GladiaModule, //        ... by Gladia
    ClientTranscriptsModule, // words made in browsers
    MergeModule, //         the words of both, each sentence once
    PublisherModule, //     words -> everybody in the room
    WebhooksModule, //      ... and to the operator's own back end
    TranscriptsModule, //   words -> history, events, subtitles
    ErasureModule, //       words that have to go
    CaptionPageModule,
    DiagnosisModule, //     which leg is broken
    HealthModule,
  ],
  providers: HTTP_EDGE,
})
export class AppModule {}
