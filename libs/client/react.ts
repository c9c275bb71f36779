/** React: `useTranscript(room, { api, token })` in a component that shows captions. */
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import {
  createTranscript,
  type RoomOptions,
  type Transcript,
  type TranscriptRoom,
  type WindowOptions,
} from './index.js';
import type { StatusMessage } from './messages.js';
import type { Segment } from './segment.js';
import { WAITING, type TranscriptStatus } from './transcript.js';

/** What a component shows; a new object after each change. */
export interface TranscriptView {
  readonly segments: readonly Segment[];
  readonly gaps: readonly StatusMessage[];
  readonly status: TranscriptStatus;
}

const NOTHING: TranscriptView = { segments: [], gaps: [], status: WAITING };
const NO_STORE = { subscribe: () => () => undefined, view: () => NOTHING };

/**
 * The transcript of a LiveKit room, followed while the component is mounted. It starts anew when the room, the service's
 * address or the language changes; `token` and the other options count when it starts.
 *
 * @param room undefined: nothing is followed yet
 */
export function useTranscript(
  room: TranscriptRoom | undefined,
  options: RoomOptions & WindowOptions = {},
): TranscriptView {
  const [store, setStore] = useState<ViewStore>(NO_STORE);
  const { api, language, topic } = options;
  const started = useMemo(() => ({ options }), [api, language, topic]);
  useEffect(() => {
    if (!room) return undefined;
    const transcript = createTranscript(room, started.options);
    setStore(viewOf(transcript));
    return () => {
      transcript.close();
      setStore(NO_STORE);
    };
  }, [room, started]);
  return useSyncExternalStore(store.subscribe, store.view, store.view);
}

interface ViewStore {
  readonly subscribe: (changed: () => void) => () => void;
  readonly view: () => TranscriptView;
}

/** React asks for the view often: it must be the same object until something changes. */
function viewOf(transcript: Transcript): ViewStore {
  let view: TranscriptView | undefined;
  const read = (): TranscriptView => ({
    segments: transcript.segments,
    gaps: transcript.gaps,
    status: transcript.status,
  });
  transcript.subscribe(() => (view = undefined));
  return { subscribe: (changed) => transcript.subscribe(changed), view: () => (view ??= read()) };
}
