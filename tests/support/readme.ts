/**
 * Reads the parts of README.md and docs that tests hold against the program.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** The text of README.md. */
export const README = readFileSync("README.md", "utf8");

/** The text of docs/commands.md. */
export const COMMANDS = readFileSync("docs/commands.md", "utf8");

/** The blocks of code in a language. */
export function readBlocks(language: string, page: string): string[] {
  const fence = "`".repeat(3);
  const block = new RegExp(`^${fence}${language}\n(.*?)^${fence}$`, "gms");
  return [...page.matchAll(block)].map(([, text = ""]) => text);
}

/** The rows of the table that has these two columns, as they are written. */
export function readTable(
  first: string,
  second: string,
  page: string = README,
): [string, string][] {
  const rows = page.split("\n").map((line) => {
    const [, left = "", right = ""] = line.split("|").map((cell) =>
      cell.trim()
    );
    return [left, right] as [string, string];
  });
  const at = rows.findIndex(([left, right]) =>
    left === first && right === second
  );
  assert.notEqual(at, -1, `There is no table "${first}", "${second}"`);
  const end = rows.findIndex(([left], i) => i > at && left === "");
  return rows.slice(at + 2, end);
}

/** What is marked as code in a text. */
export function readCode(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** The words of a shell line; a comment at its end is dropped. */
export function splitWords(line: string): string[] {
  const words = line.replace(/ +#.*$/, "").match(/'[^']*'|"[^"]*"|[^\s'"]+/g);
  return (words ?? []).map((word) => word.replace(/^(['"])(.*)\1$/, "$2"));
}

/** What differs from run to run becomes one word each. */
export function maskTranscript(text: string): string {
  return text.trim()
    .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, "<id>")
    .replace(/(zag-ps (?:show|stop|kill)) [\da-f]{8}\b/g, "$1 <id>")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(\d+\+00:00)?/g, "<time>")
    .replace(/^(<id> +)\d+ +/gm, "$1<pid> ")
    .replace(/([Pp]rocess |^PID: +|"pid":)\d+/gm, "$1<pid>");
}
