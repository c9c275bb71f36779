export type WebhookName =
  | 'room_started'
  | 'room_finished'
  | 'participant_joined'
  | 'participant_left'
  | 'track_published'
  | 'track_unpublished'
  | 'egress_started'
  | 'egress_updated'
  | 'egress_ended';

/** What a webhook tells; its members are protobuf JSON. */
export interface WebhookEventBody {
  readonly event: WebhookName;
  readonly room?: object;
  readonly participant?: object;
  readonly track?: object;
  readonly egressInfo?: object;
}
