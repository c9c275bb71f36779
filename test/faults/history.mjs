/** Finals that the service has written down as said, and that never came to the room. */
export async function undelivered(world, sessionId, received) {
  const history = await world.api.get(`/sessions/${sessionId}/transcript`);
  const seqs = new Set(received.map(({ message }) => message.seq));
  return history.filter(({ seq }) => !seqs.has(seq)).length;
}
