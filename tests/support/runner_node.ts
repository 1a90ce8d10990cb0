import process from "node:process";
import { findRuntimes } from "../../scripts/runtimes.ts";

/** The Node that GitHub's runner takes for `using: node24`, if it is there. */
export function findNode24(): string | undefined {
  return process.env["ZAG_PS_NODE24"] ?? findRuntimes(process.cwd())?.node24;
}
