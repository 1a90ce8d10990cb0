/**
 * The types of the library, as declaration files: Deno makes them, as for
 * JSR; what `mod.ts` does not lead to is left out.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import process from "node:process";
import { parseTarGzip } from "nanotar";

/** Texts by their paths, which begin with `mod.d.ts`. */
export type Declarations = Map<string, string>;

/**
 * Makes the declarations.
 *
 * @param root The project's root.
 * @throws {Error} If Deno makes none for a module that is asked for.
 */
export async function makeDeclarations(root: string): Promise<Declarations> {
  const made = await readPackage(root);
  const found: Declarations = new Map();
  const waiting = ["mod.d.ts"];
  for (const path of waiting) {
    if (found.has(path)) continue;
    const text = made.get(path);
    if (text === undefined) {
      throw new Error(`Failed to make types: Deno gives none for "${path}"`);
    }
    found.set(path, text);
    for (const [, specifier = ""] of text.matchAll(/\bfrom "(\.[^"]+)\.js"/g)) {
      waiting.push(posix.join(posix.dirname(path), `${specifier}.d.ts`));
    }
  }
  return found;
}

/** The declaration files of the package that Deno makes of the project. */
async function readPackage(root: string): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-pack-"));
  try {
    const path = join(folder, "package.tgz");
    execFileSync(
      process.execPath,
      ["pack", "--allow-dirty", "--quiet", `--output=${path}`],
      { cwd: root, stdio: ["ignore", "ignore", "pipe"] },
    );
    const files = await parseTarGzip(readFileSync(path));
    return new Map(
      files.filter(({ name }) => name.endsWith(".d.ts"))
        .map(({ name, text }) => [name.replace(/^package\//, ""), text]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
