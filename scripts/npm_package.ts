/**
 * Builds the npm package: the two single files, the types, and what a person
 * reads.
 *
 *     deno task npm      dist/npm/, dist/zag-ps-<version>.tgz
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { bundlePrograms, stopBundler } from "./bundle.ts";
import { REPOSITORY } from "./release/published.ts";
import { renderShellFiles } from "./shell_files.ts";
import { NOTICES_NAME, renderNotices } from "./third_party.ts";
import { makeDeclarations } from "./type_declarations.ts";

/** What a clone's package.json has, of which the package's is made. */
interface Manifest {
  name: string;
  version: string;
  description: string;
  license: string;
  engines: Record<string, string>;
}

/** What is taken over as it is. */
const COPIED = ["LICENSE", "README.md", "CHANGELOG.md"];

/**
 * Makes the manifest of the package. It has no dependencies: the two files
 * hold all that they need.
 */
export function makeManifest(
  { name, version, description, license, engines }: Manifest,
  files: string[],
): Record<string, unknown> {
  const manPage = files.find((path) => path.endsWith(".1"));
  return {
    name,
    version,
    description,
    license,
    homepage: REPOSITORY,
    // npm compares it with where the package was built.
    repository: { type: "git", url: `git+${REPOSITORY}.git` },
    type: "module",
    engines,
    bin: { "zag-ps": "zag-ps.js" },
    ...(manPage ? { man: [`./${manPage}`] } : {}),
    exports: {
      ".": { types: "./types/mod.d.ts", default: "./mod.js" },
      "./package.json": "./package.json",
    },
    files,
  };
}

/**
 * Builds the package.
 *
 * @param root The project's root.
 * @param folder Where it is put; what is there is replaced.
 */
export async function buildNpmPackage(
  root: string,
  folder: string,
): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await bundlePrograms(root, folder);
  const manifest: Manifest = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  const texts = new Map([[NOTICES_NAME, await renderNotices(root)]]);
  await stopBundler();
  for (const [path, text] of renderShellFiles(root)) texts.set(path, text);
  for (const [path, text] of await makeDeclarations(root)) {
    // The examples name the package as it is called on JSR.
    const named = text.replaceAll(
      'from "@zag-ps/zag-ps"',
      `from "${manifest.name}"`,
    );
    texts.set(`types/${path}`, named);
  }
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const name of COPIED) copyFileSync(join(root, name), join(folder, name));
  const files = ["zag-ps.js", "mod.js", "types/", "CHANGELOG.md"].concat(
    [...texts.keys()].filter((path) => !path.startsWith("types/")),
  );
  const json = makeManifest(manifest, files);
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify(json, null, 2) + "\n",
  );
}

/**
 * Packs the package, as npm does it.
 *
 * @param folder The package.
 * @param target The folder for the tarball.
 * @returns The path of the tarball.
 */
export function packNpmPackage(folder: string, target: string): string {
  mkdirSync(target, { recursive: true });
  const printed = execFileSync(
    "npm",
    ["pack", "--json", "--ignore-scripts", `--pack-destination=${target}`],
    {
      cwd: folder,
      encoding: "utf8",
      shell: process.platform === "win32",
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const [packed] = JSON.parse(printed);
  return join(target, packed.filename);
}

if (import.meta.main) {
  const root = process.cwd();
  const folder = join(root, "dist", "npm");
  await buildNpmPackage(root, folder);
  console.log(`Built ${relative(root, folder)}`);
  const tarball = packNpmPackage(folder, join(root, "dist"));
  console.log(`Built ${relative(root, tarball)}`);
}
