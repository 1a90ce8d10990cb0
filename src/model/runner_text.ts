import { escapeMessage } from "./escape.ts";

/**
 * The text for the log of a CI job, with nothing in it that a runner or a
 * terminal would obey; line breaks stay. GitHub's runner obeys `::command::`
 * at the start of a line and `##[command]` anywhere in it, whoever printed it:
 * they are shown as `\x3a:` and `#\x23[`.
 */
export function escapeForRunner(text: string): string {
  // The runner skips white space of any kind before a command.
  return escapeMessage(text)
    .replace(/##\[/g, "#\\x23[")
    .replace(/^([^\p{L}\p{N}\n]*?)::/gmu, "$1\\x3a:");
}
