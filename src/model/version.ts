/** The version of zag-ps, as `deno.json` has it. */
export const VERSION = "0.1.0";

/** What zag-ps is, in one line: help, man page and packages say the same. */
export const SUMMARY =
  "See and safely end the AI coding agents of this machine";
