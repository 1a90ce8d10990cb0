import { MAX_TEXT_BYTES } from "../../model/max_text.ts";
import { reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import type { System } from "../../system/system.ts";

/** A final result: its text, the file that holds it, or standard input. */
export type ResultSource =
  | { readonly text: string }
  | { readonly file: string }
  | { readonly stdin: true };

/**
 * Reads a final result; files and standard input are strict UTF-8 and taken
 * whole, a trailing newline included.
 *
 * @param maxBytes how many of them there may be
 * @throws {ZagPsError} `input` if it cannot be read or is not UTF-8; `usage`
 * for standard input if zag-ps itself was read from there
 */
export function readResult(
  system: System,
  source: ResultSource | undefined,
  maxBytes = MAX_TEXT_BYTES,
): string | undefined {
  if (source === undefined) return undefined;
  if ("text" in source) {
    if (source.text.isWellFormed()) return source.text;
    throw new ZagPsError(
      "input",
      "Failed to read the result: it holds half of a surrogate pair, which no UTF-8 file can hold",
    );
  }
  const name = "file" in source ? source.file : "standard input";
  try {
    const bytes = "file" in source
      ? system.readFile(source.file)
      : system.readStdin();
    if (bytes === undefined && !("file" in source)) throw takenByProgram();
    if (bytes === undefined) {
      throw new ZagPsError("input", "no such file or folder (ENOENT)");
    }
    if (bytes.length > maxBytes) {
      throw new ZagPsError(
        "input",
        `it has ${bytes.length} bytes, and ${maxBytes} are the most that can be read`,
      );
    }
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes);
  } catch (cause) {
    if (cause instanceof ZagPsError && cause.kind === "usage") throw cause;
    const why = cause instanceof TypeError
      ? "it is not valid UTF-8"
      : reasonOf(cause);
    throw new ZagPsError(
      "input",
      say`Failed to read result file: ${name}: ${why}`,
      { cause },
    );
  }
}

/** An empty result would be recorded, and the process ended. */
function takenByProgram(): ZagPsError {
  return new ZagPsError(
    "usage",
    "Cannot read the result from standard input: zag-ps itself was read from there\n" +
      "Pass the result as an argument, or name its file with --file",
  );
}
