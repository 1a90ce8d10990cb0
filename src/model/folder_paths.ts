/** Whether a path begins at a root of its own. */
export function isAbsolutePath(path: string): boolean {
  return /^([/\\]|[A-Za-z]:[/\\])/.test(path);
}

/**
 * Whether a path is a folder or below it, as both are written or with links
 * followed.
 *
 * @param path the path; one that is relative says nothing, as it is not known
 * what it is relative to
 * @param folder an absolute path
 * @param realPath follows links; `undefined` for what is not there
 * @returns `undefined` where it cannot be told
 */
export function isFolderOrBelow(
  path: string,
  folder: string,
  realPath: (path: string) => string | undefined,
): boolean | undefined {
  if (!isAbsolutePath(path)) return undefined;
  const [real, realFolder] = [realPath(path), realPath(folder)];
  return startsWith(splitPath(path), splitPath(folder)) ||
    startsWith(splitPath(real ?? path), splitPath(realFolder ?? folder));
}

/** The names in a path; `.`, `..` and doubled slashes are resolved. */
function splitPath(path: string): string[] {
  // A backslash is part of a name where paths begin with a slash.
  const separator = path.startsWith("/") ? "/" : /[/\\]/;
  const names: string[] = [];
  for (const name of path.split(separator)) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names;
}

function startsWith(names: string[], head: string[]): boolean {
  return head.every((name, i) => names[i] === name);
}
