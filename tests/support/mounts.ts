/**
 * File systems of a test's own, mounted where nobody else sees them: in a
 * mount namespace that ends with the program that is run in it.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import process from "node:process";
import { type Ran, runProgram } from "./children.ts";
import { ownForm, type World } from "./world.ts";

const OPTIONS = [
  ...(process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"]),
  "--mount",
];

/** Why nothing can be mounted here, or `false`. */
export const cannotMount: string | false = findReason();

function findReason(): string | false {
  if (process.platform !== "linux") return "only Linux has mount namespaces";
  const probe = "mount -t tmpfs -o size=64k tmpfs /tmp";
  try {
    execFileSync("unshare", [...OPTIONS, "/bin/sh", "-c", probe], {
      stdio: ["ignore", "ignore", "pipe"],
      timeout: 10_000,
    });
    return false;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: Uint8Array };
    const text = new TextDecoder().decode(stderr).trim();
    return `nothing can be mounted here: ${text === "" ? message : text}`;
  }
}

/**
 * Runs a shell script in a mount namespace of its own.
 *
 * @param script finds the zag home in `$1`, and in `"$@"` the command line
 * with its arguments, once it has shifted the former and its own away
 * @param args the script's own arguments
 * @param line the arguments of the command line
 */
export async function runMounted(
  world: World,
  script: string,
  args: string[],
  line: string[],
): Promise<Ran> {
  const { command, env } = ownForm();
  const { PATH = "" } = process.env;
  return await runProgram("unshare", [
    ...OPTIONS,
    ...["/bin/sh", "-c", `set -e\n${script}`, "sh"],
    ...[world.zag, ...args, ...command, ...line],
  ], {
    env: { PATH, HOME: world.home, DENO_NO_UPDATE_CHECK: "1", ...env },
    cwd: world.home,
  });
}
