/**
 * Prints what the changelog says of this version, for the page of a release.
 *
 *     deno task release:notes
 *
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";
import { VERSION } from "../src/model/version.ts";
import { readNotes } from "./version.ts";

process.stdout.write(readNotes(readFileSync("CHANGELOG.md", "utf8"), VERSION));
