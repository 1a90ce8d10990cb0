/**
 * What GitHub would read of this project: action.yml, the workflows, and the
 * pieces of YAML that the pages show for pasting.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One text. */
export interface Document {
  /** Where it is from. */
  readonly name: string;
  readonly kind: "action" | "workflow";
  readonly text: string;
}

const WORKFLOWS = join(".github", "workflows");

/** Every document, from the project's root. */
export function listDocuments(): Document[] {
  const workflows = readdirSync(WORKFLOWS).filter((name) =>
    /\.ya?ml$/.test(name)
  );
  const pages = [
    "README.md",
    ...readdirSync("docs").filter((name) => name.endsWith(".md"))
      .map((name) => join("docs", name)),
  ].filter((path) => existsSync(path));
  const read = (path: string) => readFileSync(path, "utf8");
  return [
    { name: "action.yml", kind: "action", text: read("action.yml") },
    ...workflows.map((name): Document => ({
      name: join(WORKFLOWS, name),
      kind: "workflow",
      text: read(join(WORKFLOWS, name)),
    })),
    ...pages.flatMap((page) => listBlocks(page, read(page))),
  ];
}

/** The blocks of YAML of a page, made whole where they show a part. */
function listBlocks(page: string, text: string): Document[] {
  return [...text.matchAll(/^```ya?ml\n(.*?)^```$/gms)].map((
    [, block = ""],
    i,
  ) => ({
    name: `${page}, block ${i + 1}`,
    kind: "workflow",
    text: completeWorkflow(block),
  }));
}

/** Jobs are shown without what starts them, steps without their job. */
function completeWorkflow(block: string): string {
  if (/^on:/m.test(block)) return block;
  if (/^jobs:/m.test(block)) return `on: push\n${block}`;
  const steps = block.replace(/^steps:\n/, "").replace(/^/gm, "      ");
  return `on: push\njobs:\n  job:\n    runs-on: self-hosted\n    steps:\n${steps}`;
}
