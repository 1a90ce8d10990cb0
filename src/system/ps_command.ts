import type { ProcessFacts } from "../model/process_facts.ts";
import { baseName, readProgramLine } from "../model/program_line.ts";

/** Linux keeps so much of a program's name. */
const NAME_BYTES = 15;

/** No path is longer. */
const MAX_PATH_LENGTH = 4096;

/**
 * The arguments out of a command as `ps` prints it, parted by spaces, whatever
 * they hold themselves. The path of a program with a space in it is put
 * together again by the name of the program: that of
 * `/srv/claude tools/server` is `server`, and it is no `claude`.
 */
export function splitCommand(
  command: string,
  { executable, name }: Pick<ProcessFacts, "executable" | "name">,
): string[] {
  const text = command.trim();
  const words = text.split(/\s+/);
  const [first = ""] = words;
  const isProgram = (path: string) =>
    executable === undefined
      ? cutName(baseName(path)) === name
      : baseName(path) === baseName(executable);
  // A script has its own name, and stands behind what runs it.
  if (isProgram(first) || readProgramLine({ args: [first] }).interprets) {
    return words;
  }
  for (const { index } of text.slice(0, MAX_PATH_LENGTH).matchAll(/\s+|$/g)) {
    const path = text.slice(0, index);
    if (!path.includes("/") || !isProgram(path)) continue;
    const rest = text.slice(index).trim();
    return [path, ...(rest === "" ? [] : rest.split(/\s+/))];
  }
  return words;
}

function cutName(name: string): string {
  return new TextDecoder().decode(
    new TextEncoder().encode(name).subarray(0, NAME_BYTES),
  );
}
