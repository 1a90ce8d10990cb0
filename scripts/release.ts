/**
 * Makes all files of a release, and publishes nothing: the workflow of a
 * release runs this, and then uploads what it made.
 *
 *     deno task release:dry [--host] [FOLDER]
 *
 * They are put in `dist/release/`. With `--host`, the archive for this machine
 * is the only one, and there is nothing for package managers.
 *
 * @module
 */

import { createHash } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import process from "node:process";
import { type ArchiveFile, makeTarGz, makeZip } from "./archive.ts";
import { bundlePrograms, stopBundler } from "./bundle.ts";
import { compileWithBun } from "./compile_bun.ts";
import { RUNTIME_VERSIONS } from "./runtimes.ts";
import { VERSION } from "../src/model/version.ts";
import { renderFormula } from "./release/homebrew.ts";
import { parseSums } from "./release/published.ts";
import { renderScoopManifest } from "./release/scoop.ts";
import { renderShellFiles } from "./shell_files.ts";
import {
  findHostTarget,
  getArchiveName,
  getProgramName,
  type Target,
  TARGETS,
} from "./targets.ts";
import { NOTICES_NAME, renderNotices } from "./third_party.ts";
import { findDisagreements, readPlaces } from "./version.ts";

/** The file with the checksums of all others. */
export const SUMS_NAME = "SHA256SUMS";

/** What is in a release as it is. */
export const COPIED = ["dist/zag-ps.js", "install.sh", "install.ps1"];

/** What the licence of Bun asks to be said of a program that holds it. */
const BUN_NOTICE =
  `The program is compiled with Bun ${RUNTIME_VERSIONS.bun} (MIT) and holds it, with what
Bun is linked with, such as JavaScriptCore (LGPL-2.0). Bun's own list of them,
and how to link it anew, is the file LICENSE.md of its sources:
https://github.com/oven-sh/bun/blob/bun-v${RUNTIME_VERSIONS.bun}/LICENSE.md`;

/**
 * Makes the files of a release.
 *
 * @param root The project's root.
 * @param folder Where they are put; what is there is replaced.
 * @param targets The machines for which there is an archive.
 * @param tell Is told of each file when it is made.
 * @throws {Error} If the versions do not agree, or a program cannot be made.
 */
export async function makeRelease(
  root: string,
  folder: string,
  targets: readonly Target[],
  tell: (path: string) => void,
): Promise<void> {
  const problems = findDisagreements(readPlaces(root));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });

  await bundlePrograms(root, join(root, "dist"));
  const notices = await renderNotices(root, BUN_NOTICE);
  await stopBundler();
  for (const path of COPIED) {
    const copy = join(folder, basename(path));
    copyFileSync(join(root, path), copy);
    tell(copy);
  }
  for (const target of targets) {
    const program = join(folder, getProgramName(target));
    compileWithBun(root, target, program);
    const path = join(folder, getArchiveName(target));
    writeFileSync(path, makeArchive(root, target, program, notices));
    rmSync(program);
    tell(path);
  }
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    tell(join(folder, name));
  };
  // They name archives for several machines.
  if (targets.length === TARGETS.length) {
    const sums = parseSums(renderSums(folder));
    write("zag-ps.rb", renderFormula(VERSION, sums));
    write("zag-ps.json", renderScoopManifest(VERSION, sums));
  }
  write(SUMS_NAME, renderSums(folder));
}

/** The program is at the root: installers look for it there. */
function makeArchive(
  root: string,
  target: Target,
  program: string,
  notices: string,
): Uint8Array {
  const encoder = new TextEncoder();
  const pages = [...renderShellFiles(root), [NOTICES_NAME, notices] as const];
  const files: ArchiveFile[] = [
    {
      path: getProgramName(target),
      content: readFileSync(program),
      executable: true,
    },
    { path: "LICENSE", content: readFileSync(join(root, "LICENSE")) },
    ...pages.map(([path, text]) => ({ path, content: encoder.encode(text) })),
  ];
  return target.platform === "win32" ? makeZip(files) : makeTarGz(files);
}

/** One line a file, as `sha256sum` writes and reads them. */
function renderSums(folder: string): string {
  return readdirSync(folder).sort().map((name) => {
    const hash = createHash("sha256").update(readFileSync(join(folder, name)));
    return `${hash.digest("hex")}  ${name}\n`;
  }).join("");
}

if (import.meta.main) {
  const args = process.argv.slice(2);
  const root = process.cwd();
  const [folder = join("dist", "release")] = args
    .filter((arg) => !arg.startsWith("--"));
  const targets = args.includes("--host") ? [findHostTarget()] : TARGETS;
  try {
    await makeRelease(
      root,
      resolve(root, folder),
      targets,
      (path) => console.log(`Built ${relative(root, path)}`),
    );
  } catch (error) {
    console.error(`Error: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
