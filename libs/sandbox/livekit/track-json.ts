import type { SandboxTrack } from './sandbox-track.js';

/** A `livekit.TrackInfo` in protobuf JSON, defaults left out. */
export function trackJson(track: SandboxTrack): object {
  const mimeType = track.isVideo ? 'video/VP8' : 'audio/red';
  const codec = { mimeType, mid: '7', cid: track.cid, videoLayerMode: 'ONE_SPATIAL_LAYER_PER_STREAM' };
  return {
    sid: track.sid,
    ...(track.isVideo && { type: 'VIDEO' }),
    name: track.name,
    ...(track.muted && { muted: true }),
    ...(track.source !== 'unknown' && { source: track.source.toUpperCase() }),
    mimeType,
    mid: '7',
    codecs: [codec],
    stream: 'camera',
    version: { unixMicro: String(track.publishedAtMs * 1000) },
    backupCodecPolicy: 'SIMULCAST',
  };
}
