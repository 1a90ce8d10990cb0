/** Of its time a clean-up gives so much to its work, the rest to its end. */
const WORK_SHARE = 0.8;
/** How many steps the longest ladder has. */
const STEPS = 3;

/** How a clean-up divides the time that it has. */
export interface TimePlan {
  /** No further step is taken after this, in milliseconds from the start. */
  readonly workMs: number;
  /** So long each step of the ladder has: the last one is reached. */
  readonly stepMs: number;
}

/**
 * Divides the time that a clean-up has, so that it gets to the last step of
 * the ladder and is over in time.
 *
 * @param limitMs all of the time
 * @param wishMs how long each step should have
 */
export function divideTime(limitMs: number, wishMs: number): TimePlan {
  const workMs = Math.floor(limitMs * WORK_SHARE);
  return { workMs, stepMs: Math.min(wishMs, Math.floor(workMs / STEPS)) };
}
