/**
 * The licences of the packages whose code is in what is built. They ask to be
 * named wherever that goes.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listBundledFiles } from "./bundle.ts";

/** The file in packages and archives that holds them. */
export const NOTICES_NAME = "THIRD-PARTY-LICENSES";

/**
 * Collects the licences.
 *
 * @param root The project's root.
 * @param extra Said at the end.
 * @throws {Error} If a package names no licence.
 */
export async function renderNotices(root: string, extra = ""): Promise<string> {
  const folders = new Set<string>();
  for (const file of await listBundledFiles(root)) {
    const match = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
    if (match?.[1]) folders.add(match[1]);
  }
  const notices = [...folders].map((folder) => describe(join(root, folder)));
  // A package that is there for two others is named once.
  const unique = [...new Set(notices)].sort();
  return [
    "zag-ps holds code of these packages. zag-ps itself: see LICENSE.",
    ...unique,
    ...(extra ? [extra] : []),
  ].join(`\n\n${"-".repeat(72)}\n\n`) + "\n";
}

function describe(folder: string): string {
  const { name, version, license, author } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  );
  if (!license) throw new Error(`Failed to find the licence of "${name}"`);
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const text = file === undefined
    ? `The package has no file with the text. By ${
      author?.name ?? author ?? "its authors"
    }.`
    : readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version} (${license})\n\n${text}`;
}
