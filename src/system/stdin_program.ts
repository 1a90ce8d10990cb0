import process from "node:process";

/**
 * Tells whether the runtime read the program itself from standard input, as in
 * `curl ... | deno run -A -`: then nothing is left there to be read, and no
 * file is there that could be started once more.
 *
 * Node and Bun name such a program `-`; a file of that name has its whole path.
 * Deno gives it a name in the current folder.
 */
export function isProgramFromStdin(
  script: string | undefined = process.argv[1],
): boolean {
  return script === "-" || /[\\/]\$deno\$stdin\.\w+$/.test(script ?? "");
}
