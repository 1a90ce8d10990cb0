/**
 * Splits a command line of Windows as `CommandLineToArgvW` of the system and
 * the C runtime do (Microsoft's "Parsing C command-line arguments"): there a
 * program is given one text, and takes it apart itself.
 *
 * - The first argument is the program: it ends at a space, or at the second
 *   quotation mark if it begins with one; a backslash is a backslash in it.
 * - Spaces and tabs part the others, outside quotation marks.
 * - Before a quotation mark two backslashes stand for one, and an odd one
 *   makes the mark a character. Everywhere else a backslash is one.
 * - A second quotation mark right behind a closing one is a character.
 */
export function splitCommandLine(line: string): string[] {
  if (line === "") return [];
  const program = /^"([^"]*)"?|^[^\0-\x20]*/.exec(line);
  const whole = program?.[0] ?? "";
  const args = [program?.[1] ?? whole];
  let at = whole.length;
  for (;;) {
    while (isBlank(line[at])) at++;
    if (at >= line.length) return args;
    const { value, end } = readArgument(line, at);
    args.push(value);
    at = end;
  }
}

function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\t";
}

function readArgument(
  line: string,
  from: number,
): { value: string; end: number } {
  let value = "";
  let quoted = false;
  let at = from;
  while (at < line.length && (quoted || !isBlank(line[at]))) {
    const start = at;
    while (line[at] === "\\") at++;
    const backslashes = at - start;
    if (line[at] !== '"') {
      value += "\\".repeat(backslashes);
      if (backslashes === 0) value += line[at++];
      continue;
    }
    at++;
    value += "\\".repeat(backslashes >> 1);
    if (backslashes % 2 === 1) value += '"';
    else if (quoted && line[at] === '"') {
      at++;
      value += '"';
      quoted = false;
    } else quoted = !quoted;
  }
  return { value, end: at };
}
