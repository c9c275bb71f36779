import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { TrackState } from '../media/track-state.js';
import { Metrics } from '../metrics/metrics.js';
import { SourcesService } from './sources.service.js';

const STATES: readonly TrackState['state'][] = [
  'waiting-for-egress-slot',
  'starting',
  'streaming',
  'restarting',
  'failed',
  'draining',
];

/** Shows in `GET /metrics` how many tracks are received, and how many wait or fail. */
@Injectable()
export class TrackMetrics implements OnModuleInit {
  constructor(
    private readonly sources: SourcesService,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.metrics.gaugeBy('state', 'tracks', 'tracks to transcribe, by the state of their reception', () => {
      const states = this.sources.trackStates();
      return Object.fromEntries(STATES.map((state) => [state, states.filter((each) => each === state).length]));
    });
  }
}
