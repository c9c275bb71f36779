/** What one client has learnt of its server, over all of its sockets. */
export class ServerObservations {
  /** It has acknowledged sound: where it does not, something is wrong. */
  acknowledges = false;
}
