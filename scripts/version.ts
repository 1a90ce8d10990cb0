/**
 * The version, wherever it is written, and what the changelog says of it.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { VERSION } from "../src/model/version.ts";

/** The places where the version is written. */
export interface Places {
  "deno.json": string;
  "package.json": string;
  /** What `--version` prints. */
  "src/model/version.ts": string;
  /** The text of the changelog; its newest heading counts. */
  changelog: string;
  /** Of a release: `v1.2.3`. */
  tag?: string | undefined;
}

/** `## [1.2.3] - 2026-11-23`, or `- Unreleased` until there is a tag. */
const HEADING = /^## \[([^\]]+)\] - (\d{4}-\d{2}-\d{2}|Unreleased)$/m;

/**
 * Finds what does not agree with `deno.json`.
 *
 * @returns Sentences; none if all agree.
 */
export function findDisagreements(
  { changelog, tag, ...places }: Places,
): string[] {
  const version = places["deno.json"];
  const [, newest, date] = HEADING.exec(changelog) ?? [];
  const written: Record<string, string | undefined> = {
    ...places,
    "the newest heading of CHANGELOG.md": newest,
    ...(tag === undefined ? {} : { "the tag": tag.replace(/^v/, "") }),
  };
  const problems = Object.entries(written)
    .filter(([, found]) => found !== version)
    .map(([place, found]) =>
      `deno.json has the version "${version}", ${place} has "${found}"`
    );
  if (tag !== undefined && !tag.startsWith("v")) {
    problems.push(`The tag "${tag}" does not begin with "v"`);
  }
  if (tag !== undefined && date === "Unreleased") {
    problems.push("CHANGELOG.md has no date for this version");
  }
  return problems;
}

/**
 * Reads the places.
 *
 * @param root The project's root.
 */
export function readPlaces(root: string, tag?: string): Places {
  const read = (name: string) => readFileSync(join(root, name), "utf8");
  return {
    "deno.json": JSON.parse(read("deno.json")).version,
    "package.json": JSON.parse(read("package.json")).version,
    "src/model/version.ts": VERSION,
    changelog: read("CHANGELOG.md"),
    tag,
  };
}

/**
 * Takes the part of a version out of a changelog, without its heading.
 *
 * @throws {Error} If there is none, or nothing is in it.
 */
export function readNotes(changelog: string, version: string): string {
  const parts = changelog.split(/^(?=## )/m);
  const part = parts.find((text) => text.startsWith(`## [${version}]`)) ?? "";
  const notes = part.replace(/^## .*\n/, "").trim();
  if (notes !== "") return `${notes}\n`;
  throw new Error(`Failed to find what CHANGELOG.md says of ${version}`);
}
