/** What several verbs say and take alike. */

import type { Arguments, OptionSpec } from "../verb.ts";
import { usage } from "../usage_error.ts";

/** How an id is given. */
export const ID_NOTE =
  'ID is a process id as list shows it, a unique prefix of at least 4 characters, or "self" (ZAG_PROCESS_ID).';

/** Which process is signalled. */
export const IDENTITY_NOTE =
  "Only the process that was recorded is signalled: its environment or its start time tells, and the start is compared again right before the signal. See zag-ps explain.";

/** What is different on Windows. */
export const WINDOWS_NOTE =
  "Windows has no graceful signal: there the process is ended at once.";

/** Shared by the verbs that signal. */
export const UNVERIFIED: OptionSpec = {
  name: "unverified",
  help:
    "Signal a process of which nothing proves that it is the recorded one; never implied by another option, and never past proof that it is another one",
};

/** Shared by the verbs that show a plan first. */
export const APPLY: OptionSpec = {
  name: "apply",
  help: "Do it; without it nothing is changed and the plan is shown",
};

/**
 * The id that is the first argument.
 *
 * @throws {ZagPsError} `usage` if it is empty
 */
export function readHandle(verb: string, { given }: Arguments): string {
  const [handle = ""] = given;
  if (handle !== "") return handle;
  throw usage(`"${verb}" needs an ID that is not empty`);
}
