/**
 * Patterns for names and paths of programs. `*` stands for any characters
 * within one name. They are matched name by name and never by a regular
 * expression, so no pattern takes long, whoever wrote it.
 *
 * @module
 */

/** No system opens a longer path; an argument may be any text. */
const MAX_PATH_LENGTH = 4096;

/**
 * The names of a path: both kinds of slashes part them, case is folded. None
 * for what is too long to be a path.
 */
export function splitPath(path: string): readonly string[] {
  if (path.length > MAX_PATH_LENGTH) return [];
  return path.toLowerCase().split(/[/\\]+/).filter((name) => name !== "");
}

/** Whether a name fits a pattern; the case of both counts. */
export function fitsName(name: string, pattern: string): boolean {
  if (!pattern.includes("*")) return name === pattern;
  const [first = "", ...others] = pattern.split("*");
  const last = others.pop() ?? "";
  if (name.length < first.length + last.length) return false;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  // What comes first is taken first, which leaves the most for the rest.
  let from = first.length;
  const end = name.length - last.length;
  for (const part of others) {
    const at = name.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}

/** Whether a path ends with the names of a pattern, such as `bin/codex`. */
export function endsWithPattern(
  names: readonly string[],
  pattern: readonly string[],
): boolean {
  return fitsAt(names, pattern, names.length - pattern.length);
}

/**
 * Where the part of a path begins that is below the folders of a pattern, such
 * as `@openai/codex`; -1 if it is not below them.
 */
export function findBelow(
  names: readonly string[],
  pattern: readonly string[],
): number {
  for (let at = names.length - 1 - pattern.length; at >= 0; at--) {
    if (fitsAt(names, pattern, at)) return at + pattern.length;
  }
  return -1;
}

function fitsAt(
  names: readonly string[],
  pattern: readonly string[],
  at: number,
): boolean {
  return at >= 0 && pattern.length > 0 &&
    pattern.every((one, i) => fitsName(names[at + i] ?? "", one));
}
