export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves with what `look` finds, as soon as it finds something; with undefined when it does not in time. */
export async function untilFound(look, withinMs, everyMs = 100) {
  for (const deadlineMs = Date.now() + withinMs; ; await pause(everyMs)) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadlineMs) return undefined;
  }
}
