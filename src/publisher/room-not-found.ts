/** LiveKit knows no such room: it is over, or is opened again when its people reconnect. */
export class RoomNotFound extends Error {
  override readonly name = 'RoomNotThere';
}
