/**
 * The blocks of code in README.md and docs, and the marks above them.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One block. */
export interface DocBlock {
  /** The page, from the project's root. */
  readonly page: string;
  /** The line of its fence. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** What `<!-- run by: ... -->` above it names. */
  readonly runBy?: string;
  /** What `<!-- not run: ... -->` above it gives as the reason. */
  readonly notRun?: string;
}

/** Every page. */
export const PAGES: readonly string[] = [
  "README.md",
  ...readdirSync("docs", { recursive: true }).map(String)
    .filter((path) => path.endsWith(".md"))
    .map((path) => join("docs", path)).sort(),
];

/** Every block of the pages, in their order. */
export function listDocBlocks(pages: readonly string[] = PAGES): DocBlock[] {
  return pages.flatMap((page) => findBlocks(page, readFileSync(page, "utf8")));
}

/** The blocks of a page. A longer fence holds shorter ones. */
export function findBlocks(page: string, text: string): DocBlock[] {
  const blocks: DocBlock[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const [, indent = "", fence, language = ""] =
      /^( *)(`{3,}|~{3,})(.*)$/.exec(lines[at] ?? "") ?? [];
    if (fence === undefined) continue;
    const end = lines.findIndex((line, i) => i > at && line.trim() === fence);
    if (end < 0) throw new Error(`${page}:${at + 1}: the block has no end`);
    const body = lines.slice(at + 1, end)
      .map((line) => `${line.slice(indent.length)}\n`);
    blocks.push({
      page,
      line: at + 1,
      language: language.trim(),
      text: body.join(""),
      ...readMark(lines.slice(0, at)),
    });
    at = end;
  }
  return blocks;
}

/** The mark directly above a block; an empty line may lie between. */
function readMark(above: readonly string[]): Partial<DocBlock> {
  const text = above.join("\n").trimEnd();
  const start = text.lastIndexOf("<!--");
  if (start < 0 || !text.endsWith("-->")) return {};
  const [, kind, what = ""] =
    /^<!--\s*(run by|not run):\s*(.*?)\s*-->$/s.exec(text.slice(start)) ?? [];
  const words = what.replace(/\s+/g, " ");
  return kind === "run by"
    ? { runBy: words }
    : kind === "not run"
    ? { notRun: words }
    : {};
}

/** The commands of a transcript, each a line that begins with `$ `. */
export function listCommands(block: DocBlock): string[] {
  return [...block.text.matchAll(/^\$ (.*)$/gm)].map(([, line = ""]) => line);
}
