/**
 * What a clean-up needs when there is something to do, loaded together and
 * only then.
 */

export { endMeant } from "./clean_up_end.ts";
export { cleanUpStore } from "./clean_up_store.ts";
export { readOutput } from "./output.ts";
