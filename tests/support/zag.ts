/**
 * The real zag, for tests that compare with it: `ZAG_BIN` names it.
 *
 * @module
 */

import process from "node:process";
import { type Ran, runProgram } from "./children.ts";
import type { World } from "./world.ts";

const ZAG = process.env["ZAG_BIN"];
/** Why tests cannot compare; `false` if they can. */
export const skip = ZAG ? false : "ZAG_BIN does not name a zag to compare with";
if (skip) console.error(`The comparison with zag is left out: ${skip}`);

/** Runs `zag ps` on the home of a world, outside any repository. */
export function runZag(world: World, args: string[]): Promise<Ran> {
  const { PATH = "" } = process.env;
  return runProgram(ZAG ?? "", ["ps", ...args], {
    env: { PATH, HOME: world.home },
    cwd: world.home,
  });
}
