/**
 * Builds the single-file programs under `dist/`: `zag-ps.js` (the command
 * line) and `mod.js` (the library). They need no import map and no
 * `node_modules`, so they run under Node, Bun and Deno.
 *
 *     deno task bundle [FOLDER]
 *
 * @module
 */

import { build, type BuildOptions, stop } from "esbuild";
import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import process from "node:process";
import { bundleSingleFile } from "./single_file.ts";

const SHEBANG = "#!/usr/bin/env node\n";

/**
 * What every build shares: ECMAScript modules that Node 20 can run.
 *
 * @param root The project's root.
 */
export function getCommonOptions(
  root: string,
): BuildOptions & { absWorkingDir: string } {
  return {
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // Node 20 has them; a literal that nobody uses is left out, a call is not.
    supported: {
      "regexp-set-notation": true,
      "regexp-unicode-property-escapes": true,
    },
    // Node reads a program in ASCII faster than one in UTF-8.
    charset: "ascii",
    tsconfig: join(root, "tsconfig.json"),
    logLevel: "warning",
  };
}

const MINIFIED = { minifySyntax: true, minifyWhitespace: true } as const;

/**
 * Builds the command line and the library.
 *
 * Comments that name paths are left out, so that the bytes do not depend on
 * where the project lies.
 *
 * @param root The project's root.
 * @param folder Where the two files are put.
 */
export async function bundlePrograms(
  root: string,
  folder: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const programs = [
    { entry: "cli.ts", name: "zag-ps.js", shebang: SHEBANG, mode: 0o755 },
    { entry: "mod.ts", name: "mod.js", shebang: "", mode: 0o644 },
  ];
  for (const { entry, name, shebang, mode } of programs) {
    const program = await bundleSingleFile({
      ...getCommonOptions(root),
      ...MINIFIED,
    }, entry);
    // The entry's own shebang names the runtime of the sources.
    const text = program.replace(/^#!.*\n/, "");
    if (text === "") throw new Error(`Failed to bundle "${entry}": no output`);
    writeComplete(join(folder, name), shebang + text, mode);
  }
}

/**
 * Lists the files whose code is in the programs.
 *
 * @param root The project's root.
 * @returns Paths from the root.
 */
export async function listBundledFiles(root: string): Promise<string[]> {
  const { metafile } = await build({
    ...getCommonOptions(root),
    entryPoints: ["cli.ts", "mod.ts"],
    outdir: join(root, "dist"),
    metafile: true,
    write: false,
  });
  const used = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
  return [...new Set(used)].sort();
}

/**
 * Bundles test files for Node, which knows neither the import map nor, in
 * version 20, TypeScript.
 *
 * @param root The project's root.
 * @param files The test files, relative to the root.
 * @param folder Where the bundles are put.
 * @returns The paths of the bundled test files.
 */
export async function bundleTests(
  root: string,
  files: string[],
  folder: string,
): Promise<string[]> {
  await build({
    ...getCommonOptions(root),
    entryPoints: files,
    outdir: folder,
    outbase: root,
    outExtension: { ".js": ".mjs" },
    sourcemap: "inline",
    splitting: true,
  });
  return files.map((file) => join(folder, file.replace(/\.ts$/, ".mjs")));
}

/** Ends the bundler's child process, which would keep the program alive. */
export async function stopBundler(): Promise<void> {
  await stop();
}

/** A program that runs at this moment never sees half a file. */
export function writeComplete(
  path: string,
  text: string,
  mode: number,
): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
  writeFileSync(temporary, text);
  chmodSync(temporary, mode);
  renameSync(temporary, path);
}

if (import.meta.main) {
  const root = process.cwd();
  const folder = resolve(root, process.argv[2] ?? "dist");
  await bundlePrograms(root, folder);
  await stopBundler();
  console.log(`Built ${relative(root, join(folder, "zag-ps.js"))}`);
  console.log(`Built ${relative(root, join(folder, "mod.js"))}`);
}
