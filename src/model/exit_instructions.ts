import type { ExitConstraints } from "./exit_result.ts";

/** What stands for the instructions in a command that `run` starts. */
export const INSTRUCTIONS_PLACEHOLDER = "{exit-instructions}";

/**
 * The text that tells an agent how to end itself with its result, and what
 * that result has to be. It is Markdown, for a prompt.
 *
 * @param constraints what the launch asks for; without them any result, or
 * none, will do
 */
export function formatInstructions(
  constraints: ExitConstraints | null | undefined,
): string {
  const { hint, json_mode = false, schema } = constraints ?? {};
  const expected = hint?.trim() ?? "";
  const hasSchema = schema !== undefined && schema !== null;
  const parts = [
    "## How to end this session",
    "This session does not end by itself: printing the result is not enough. When the work is done, and not before, run one of these commands, which record the result and end the session:",
    [
      "```",
      "zag-ps kill self '<result>'",
      "zag-ps kill self --file <path>",
      "```",
    ].join("\n"),
  ];
  if (expected !== "") {
    parts.push(`Expected result (it must not be empty): ${expected}`);
  }
  if (hasSchema) {
    parts.push(
      "The result must be JSON that is valid against this JSON Schema, without text around it:",
      ["```json", JSON.stringify(schema, null, 2), "```"].join("\n"),
    );
  } else if (json_mode) {
    parts.push("The result must be one JSON value, without text around it.");
  } else if (expected === "") {
    parts.push("The result is free text. It may be left out.");
  }
  parts.push(
    "If the command fails, the session goes on: its error message says what is wrong with the result. Mend the result and run the command again. A result that begins with a dash goes after `--`.",
    "Do not end this session, or processes that it started, with `kill`, `pkill` or `killall`: they may hit other programs, and the result is lost.",
  );
  return `${parts.join("\n\n")}\n`;
}

/** Puts the instructions into a command, wherever it has the placeholder. */
export function insertInstructions(
  command: readonly string[],
  instructions: string,
): string[] {
  return command.map((word) =>
    word.replaceAll(INSTRUCTIONS_PLACEHOLDER, () => instructions.trimEnd())
  );
}
