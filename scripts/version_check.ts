/**
 * Checks that the version is the same wherever it is written, and that it is
 * the tag's.
 *
 *     deno task version:check [TAG]
 *
 * @module
 */

import process from "node:process";
import { VERSION } from "../src/model/version.ts";
import { findDisagreements, readPlaces } from "./version.ts";

const [tag] = process.argv.slice(2);
const problems = findDisagreements(readPlaces(process.cwd(), tag));
if (problems.length > 0) {
  console.error(
    `Error: The versions do not agree: ${problems.join("; ")}\n` +
      "Write the same version in all places, see docs/releasing.md",
  );
  process.exitCode = 1;
} else console.log(`Version ${VERSION}${tag ? `, tag ${tag}` : ""}`);
