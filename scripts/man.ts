/**
 * Writes the man page and the completions.
 *
 *     deno task man [FOLDER]
 *
 * @module
 */

import { join } from "node:path";
import process from "node:process";
import { writeShellFiles } from "./shell_files.ts";

const [folder = "dist"] = process.argv.slice(2);
for (const path of writeShellFiles(process.cwd(), folder)) {
  console.log(`Built ${join(folder, path)}`);
}
