/**
 * The files for shells that go beside the program: completions and man page.
 *
 * @module
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { renderScript } from "../src/cli/completion/render_script.ts";
import { renderManPage } from "../src/cli/man_page.ts";
import { VERSION } from "../src/model/version.ts";

/**
 * Renders the files.
 *
 * @param root The project's root, for the date of the release.
 * @returns Their texts by path. They are the same whenever they are made.
 */
export function renderShellFiles(root: string): Map<string, string> {
  const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
  const date = findReleaseDate(changelog, VERSION) ?? "Unreleased";
  return new Map([
    ["zag-ps.1", renderManPage({ date })],
    ["completions/zag-ps.bash", renderScript("bash")],
    ["completions/_zag-ps", renderScript("zsh")],
    ["completions/zag-ps.fish", renderScript("fish")],
    ["completions/zag-ps.ps1", renderScript("powershell")],
  ]);
}

/**
 * Writes the files.
 *
 * @param root The project's root.
 * @param folder Where to.
 * @returns Their paths below the folder.
 */
export function writeShellFiles(root: string, folder: string): string[] {
  const files = renderShellFiles(root);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return [...files.keys()];
}

/**
 * The date of a version in a changelog.
 *
 * @returns `undefined` for a version that is not released yet.
 */
export function findReleaseDate(
  changelog: string,
  version: string,
): string | undefined {
  for (const line of changelog.split("\n")) {
    const [, name, date] =
      /^## \[([^\]]+)\] [-–—] (\d{4}-\d{2}-\d{2})$/.exec(line) ?? [];
    if (name === version) return date;
  }
  return undefined;
}
