import { randomUUID } from 'node:crypto';
import { audioFormat, AudioIntake } from './audio-intake.js';
import type { Chunk } from './acknowledger.js';
import { addonMessages, summaryOf } from './addons.js';
import {
  ack,
  finalMessages,
  type GladiaUtterance,
  lifecycle,
  post,
  seconds,
  speech,
  toGladia,
  transcript,
  transcriptionOf,
  utteranceId,
} from './messages.js';
import type { GladiaSandboxOptions } from './options.js';
import { type LiveConnection, Outbox } from './outbox.js';
import type { Lexicon } from './recogniser/lexicon.js';
import type { Utterance } from './recogniser/utterance.js';
import type { SessionRequest } from './session-request.js';
import { SessionDeadlines, Timers } from './timers.js';
import { Transcriber, type ChannelEvent } from './transcriber.js';

/** `done` is the end of every session, whatever ended it. */
export type SessionState = 'created' | 'connected' | 'recording' | 'stopping' | 'postProcessing' | 'done';

/** One live session: its states, its audio and its messages. */
export class GladiaSession {
  readonly id = randomUUID();
  readonly token = randomUUID();
  readonly createdAt = new Date();
  readonly timers = new Timers();
  readonly sockets = new Set<LiveConnection>();
  readonly utterances: GladiaUtterance[] = [];
  readonly intake: AudioIntake;
  readonly outbox: Outbox;
  /** Sockets that were ever opened. */
  connections = 0;
  endedAt: Date | undefined;
  state: SessionState = 'created';
  /** With ids that restart: the first utterance of this socket, and of the next. */
  #firstId = 0;
  #nextId = 0;
  readonly #transcriber: Transcriber;
  readonly #deadlines: SessionDeadlines;

  constructor(
    readonly key: string,
    readonly request: SessionRequest,
    readonly options: GladiaSandboxOptions,
    lexicon: Lexicon,
  ) {
    const format = audioFormat(request);
    this.intake = new AudioIntake(format, options);
    this.outbox = new Outbox(this.id, request.messages_config, options, this.sockets);
    this.#transcriber = new Transcriber(format, lexicon, {
      endpointingMs: request.endpointing * 1000,
      maximumMs: request.maximum_duration_without_endpointing * 1000,
      partialEveryMs: options.partialEveryMs,
      finalDelayMs: options.finalDelayMs,
    });
    this.#deadlines = new SessionDeadlines(this.timers, options, (code, reason) => this.expire(code, reason));
  }

  get isEnded(): boolean {
    return this.state === 'done';
  }

  get isDetached(): boolean {
    return this.sockets.size === 0 && this.connections > 0 && this.state !== 'done';
  }

  /** A socket opened on this session's URL. */
  attach(socket: LiveConnection): void {
    this.sockets.add(socket);
    if (this.options.idsRestart) this.#firstId = this.#nextId;
    this.connections++;
    this.intake.resume();
    this.outbox.greet(socket);
    if (this.state !== 'created') return;
    this.state = 'connected';
    this.#deadlines.connected();
    if (this.options.sendStartSession) this.outbox.send(lifecycle('start_session'));
    this.outbox.send(lifecycle('start_recording'));
  }

  /** A socket closed. Only code 1000 ends the session. */
  detach(socket: LiveConnection, code: number): void {
    this.sockets.delete(socket);
    if (code === 1000) this.finish();
  }

  get takesAudio(): boolean {
    return this.state === 'connected' || this.state === 'recording';
  }

  /** Something came from the client; an empty chunk counts. */
  touch(): void {
    this.#deadlines.audioReceived();
  }

  /** Audio to keep and to transcribe. */
  addAudio({ bytes }: Chunk): void {
    if (!this.takesAudio) return;
    this.state = 'recording';
    this.intake.keep(bytes);
    if (!this.options.recognises) return;
    for (const event of this.#transcriber.write(bytes)) this.#send(event);
  }

  /** `stop_recording` by message. */
  stop(): void {
    const duration = this.intake.durationSeconds;
    this.outbox.send(ack('stop_recording', { recording_duration: duration, recording_left_to_process: 0 }));
    this.finish();
  }

  /** No more sound: the open utterance is sent, then the session is processed and ends. */
  finish(): void {
    if (!this.takesAudio && this.state !== 'created') return;
    this.state = 'stopping';
    this.#deadlines.close();
    const last = this.#transcriber.finish();
    this.timers.after(this.options.finalDelayMs, () => {
      for (const event of last) this.#send(event);
      this.outbox.send(lifecycle('end_recording', { recording_duration: this.intake.durationSeconds }));
      this.state = 'postProcessing';
      if (this.options.post !== 'hang') this.timers.after(this.options.postDelayMs, () => this.#conclude());
    });
  }

  /** The server's own end: sockets are closed with this code, and what was received is processed. */
  expire(code: number, reason: string): void {
    for (const socket of [...this.sockets]) socket.close(code, reason);
    this.finish();
  }

  close(): void {
    this.timers.close();
    for (const socket of this.sockets) socket.destroy();
  }

  #send({ channel, event }: ChannelEvent): void {
    switch (event.type) {
      case 'speech-start':
        this.#deadlines.spoken();
        {
          this.outbox.send(speech('speech_start', event.atMs, channel));
          return;
        }
      case 'speech-end': {
        this.outbox.send(speech('speech_end', event.atMs, channel));
        return;
      }
      case 'partial':
        if (this.options.partials) this.outbox.send(this.#partial(channel, event.utterance));
        return;
      case 'final': {
        this.#sendFinal(channel, event.utterance);
        return;
      }
    }
  }

  #partial(channel: number, utterance: Utterance): ReturnType<typeof transcript> {
    return transcript(this.#idOf(channel, utterance), false, this.#toGladia(channel, utterance));
  }

  #sendFinal(channel: number, utterance: Utterance): void {
    const utteranceJson = this.#toGladia(channel, utterance);
    this.utterances.push(utteranceJson);
    const id = this.#idOf(channel, utterance);
    for (const message of finalMessages(this.options.finals, id, utteranceJson)) this.outbox.send(message);
    const { addons, addonDelayMs } = this.options;
    this.timers.after(addonDelayMs, () => {
      for (const message of addonMessages(this.request, addons, id, utteranceJson)) this.outbox.send(message);
    });
  }

  #idOf(channel: number, { id }: Utterance): string {
    this.#nextId = Math.max(this.#nextId, id + 1);
    return utteranceId(channel, Math.max(0, id - this.#firstId));
  }

  #toGladia(channel: number, utterance: Utterance): GladiaUtterance {
    const language = this.request.language_config.languages[0] ?? 'en';
    const named = this.options.channelNames === 'swapped' ? this.request.channels - 1 - channel : channel;
    const utteranceJson = toGladia(utterance, named, language, this.options.leadingSpace);
    if (this.options.channelNames !== 'missing') return utteranceJson;
    const { channel: _channel, ...unnamed } = utteranceJson;
    return unnamed as GladiaUtterance;
  }

  #conclude(): void {
    const transcription = transcriptionOf(this.utterances);
    this.outbox.send(post('post_transcript', transcription));
    if (this.request.post_processing.summarization) {
      this.outbox.send(post('post_summarization', { results: summaryOf(this.request, this.utterances) }));
    }
    const audioSeconds = seconds(this.intake.durationSeconds * 1000);
    const metadata = { audio_duration: audioSeconds, number_of_distinct_channels: this.request.channels };
    const times = { billing_time: audioSeconds * this.request.channels, transcription_time: 0 };
    this.outbox.send(post('post_final_transcript', { metadata: { ...metadata, ...times }, transcription }));
    if (this.options.post !== 'noEndSession') this.outbox.send(lifecycle('end_session'));
    this.state = 'done';
    this.endedAt = new Date();
    if (this.options.post === 'noClose') return;
    for (const socket of [...this.sockets]) socket.close(1000, '');
  }
}
