/**
 * The two `ps` calls by which macOS shows the environment of one process: the
 * command alone, and the command with the environment behind it.
 */
export function psCommandArguments(
  pid: number,
): [plain: readonly string[], withEnvironment: readonly string[]] {
  const plain = ["-ww", "-o", "command=", "-p", String(pid)];
  return [plain, ["-E", ...plain]];
}

/**
 * The same two calls for every process: each line begins with the pid. (ps
 * writes a line break in an argument as an escape, vis(3).)
 *
 * One call cannot do: ps gives a column its whole length only at the end of
 * the line, and there are three that need it, the program's path, the command
 * and the command with the environment.
 */
export const PS_ALL_COMMANDS: readonly [
  plain: readonly string[],
  withEnvironment: readonly string[],
] = [
  ["-A", "-ww", "-o", "pid=", "-o", "command="],
  ["-A", "-E", "-ww", "-o", "pid=", "-o", "command="],
];

/** Parses what {@linkcode PS_ALL_COMMANDS} print: the command of each pid. */
export function parsePsCommands(output: string): Map<number, string> {
  const commands = new Map<number, string>();
  for (const line of output.split("\n")) {
    const [, pid, command = ""] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
    if (pid !== undefined) commands.set(Number(pid), command);
  }
  return commands;
}

/**
 * Reads known markers out of what `ps -E` adds to a command. All is parted by
 * spaces alone, so the command, asked for by itself, tells where the
 * environment begins; and a marker counts only if it stands there with one
 * value and no other: the value of another variable may look like one.
 *
 * @param command the output of the first call of
 * {@linkcode psCommandArguments}
 * @param withEnvironment the output of the second
 * @returns `undefined` where no environment is shown (macOS leaves it out for
 * other users' processes, and for programs that it protects), or where a
 * marker has several values
 */
export function parsePsEnvironment(
  command: string,
  withEnvironment: string,
  names: ReadonlySet<string>,
): Record<string, string> | undefined {
  const start = command.trimEnd();
  if (start === "" || !withEnvironment.startsWith(`${start} `)) {
    return undefined;
  }
  const words = withEnvironment.slice(start.length).trim().split(/\s+/);
  if (!words.some((word) => /^[A-Za-z_]\w*=/.test(word))) return undefined;
  const markers: Record<string, string> = {};
  for (const variable of joinVariables(words)) {
    const equals = variable.indexOf("=");
    const name = variable.slice(0, equals);
    if (!names.has(name)) continue;
    const value = variable.slice(equals + 1);
    if ((markers[name] ?? value) !== value) return undefined;
    markers[name] = value;
  }
  return markers;
}

/** A word that cannot begin a variable belongs to the value before it. */
function joinVariables(words: readonly string[]): string[] {
  const variables: string[] = [];
  for (const word of words) {
    const last = variables.length - 1;
    if (word.indexOf("=") > 0) variables.push(word);
    else if (last >= 0) variables[last] += ` ${word}`;
  }
  return variables;
}
