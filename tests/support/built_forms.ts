/**
 * The ways to start what is built: the compiled program, and the single file,
 * by its name and from standard input.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import type { Form } from "./forms.ts";
import { cachedForms } from "./world.ts";

/** Built by `deno task compile:bun`; the stage `compile` does. */
export const BINARY = resolve(
  "dist",
  "bun",
  process.platform === "win32" ? "zag-ps.exe" : "zag-ps",
);
const BUNDLE = resolve("dist", "zag-ps.js");

/** How a runtime starts the single file, or reads it from standard input. */
const BUILT = [
  { runtime: "deno", name: "deno, single file", args: ["run", "-A", BUNDLE] },
  { runtime: "deno", name: "deno, standard input", args: ["run", "-A", "-"] },
  { runtime: "bun", name: "bun, standard input", args: ["run", "-"] },
  {
    runtime: "node24",
    name: "node24, standard input",
    args: ["--input-type=module", "-"],
  },
];

/**
 * The forms of what is built.
 *
 * @throws {Error} If it was not built.
 */
export function builtForms(): Form<string>[] {
  const missing = [BINARY, BUNDLE].find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new Error(
      `Failed to find "${missing}"\n` +
        'Run "deno task bundle" and "deno task compile:bun"',
    );
  }
  const built = BUILT.flatMap(({ runtime, name, args }): Form<string>[] => {
    const form = cachedForms().find((form) => form.name === runtime);
    if (form === undefined) return [];
    const { command: [program = ""], env } = form;
    const fromStdin = args.at(-1) === "-" ? { program: BUNDLE } : {};
    return [{ name, command: [program, ...args], env, ...fromStdin }];
  });
  return [{ name: "binary", command: [BINARY], env: {} }, ...built];
}
