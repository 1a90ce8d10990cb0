/** How many agents may be ended at once unless more are allowed. */
export const MAX_AGENTS = 50;
