/** What `reap` does unless it is told otherwise. */

/** So long each step of the ladder has unless another time is given. */
export const REAP_TIMEOUT_MS = 10_000;

/** What the log gives as the reason unless another one is given. */
export const REAP_REASON = "reaped by zag-ps";
