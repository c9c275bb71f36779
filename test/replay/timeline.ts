import { isInput, type Json, type JsonObject, type Line } from './recording.js';

const LONGEST = 160;

type Fields = Readonly<Record<string, Json | undefined>>;

/** Who does what, for one line of a recording. Arrows: `>` goes into the service, `<` comes out of it. */
export function describe(line: Line): string {
  const fields = line as unknown as Fields;
  const text = isInput(line) ? `> ${into(line.do, fields)}` : `< ${out(line.out, fields)}`;
  const seconds = (line.at / 1000).toFixed(3).padStart(8);
  return `${seconds}  ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}`;
}

function into(what: string, fields: Fields): string {
  switch (what) {
    case 'talk':
      return `sound      ${str(fields, 'track')} picks up ${str(fields, 'of')}`;
    case 'mute':
      return `sound      ${str(fields, 'track')} is ${fields['muted'] === true ? 'muted' : 'unmuted'}`;
    case 'webhook':
      return `livekit    webhook ${webhook(fields['event'] as JsonObject)}`;
    case 'answer':
      return `livekit    answers ${str(fields, 'call')} ${str(fields, 'n')}: ${status(fields)}`;
    case 'engine-answer':
      return `engine     answers ${str(fields, 'call')} ${str(fields, 'n')}: ${status(fields)}`;
    case 'engine-says':
      return `engine ${str(fields, 'socket')}   ${engineMessage(fields['message'])}`;
    case 'engine-acks':
      return `engine ${str(fields, 'socket')}   ${str(fields, 'count')} acknowledgments from byte ${str(fields, 'from')} on`;
    case 'rest':
      return `api        ${str(fields, 'method')} ${str(fields, 'path')} ${json(fields['body'])}`;
    default:
      return `${what.padEnd(10)} ${rest(fields)}`;
  }
}

function out(what: string, fields: Fields): string {
  switch (what) {
    case 'packet':
      return `room       ${packet(fields['data'] as JsonObject)}`;
    case 'livekit':
      return `livekit    ${str(fields, 'call')} ${json(fields['args'])}`;
    case 'sound':
      return `engine ${str(fields, 'socket')}   ${str(fields, 'bytes')} bytes of sound from ${str(fields, 'fromByte')} on, ${str(fields, 'sha256')}`;
    case 'rest':
      return `api        ${str(fields, 'method')} ${str(fields, 'path')}: ${str(fields, 'status')} ${json(fields['body'])}`;
    default:
      return `${what.padEnd(10)} ${rest(fields)}`;
  }
}

function packet(data: JsonObject): string {
  const { type, final, status: state, text, speaker, startMs, endMs, message } = data as Fields;
  const seq = data['seq'] === undefined ? '' : `#${show(data['seq'])}`;
  const when = startMs === undefined ? '' : ` (${show(startMs)} to ${show(endMs)} ms)`;
  if (type === 'status') return `${seq} status ${show(state)}: ${json(message)}${when}`;
  if (type !== 'transcript') return `${seq} ${show(type)} ${json(data)}`;
  const name = (speaker as JsonObject | null | undefined)?.['identity'] ?? '?';
  return `${seq} ${final === true ? 'final' : 'partial'} of ${show(name)}: ${json(text)}${when}`;
}

function engineMessage(message: Json | undefined): string {
  if (typeof message !== 'object' || message === null) return `says ${json(message)}`;
  const { type, data } = message as { readonly type?: string; readonly data?: JsonObject };
  const utterance = data?.['utterance'] as JsonObject | undefined;
  if (utterance === undefined) return `says ${show(type)} ${json(data)}`;
  const { text, start, end } = utterance as Fields;
  const kind = data?.['is_final'] === true ? 'final' : 'partial';
  return `${show(type)} ${kind}: ${json(text)} (${show(start)} to ${show(end)} s)`;
}

function webhook(event: JsonObject): string {
  const { participant, track, egressInfo } = event as Readonly<Record<string, JsonObject | undefined>>;
  const parts = [participant?.['identity'], track?.['sid'], egressInfo?.['egressId'], egressInfo?.['status']];
  return [event['event'], ...parts.filter((part) => part !== undefined)].map(show).join(' ');
}

const show = (value: Json | undefined): string => (typeof value === 'string' ? value : json(value));
const status = (fields: Fields): string =>
  fields['status'] === 0 ? 'never' : `${str(fields, 'status')} after ${str(fields, 'afterMs')} ms`;
const str = (fields: Fields, name: string): string => show(fields[name]);
const json = (value: Json | undefined): string => (value === undefined ? '' : JSON.stringify(value));

function rest(fields: Fields): string {
  const { at: _at, do: _do, out: _out, ...others } = fields;
  return JSON.stringify(others);
}
