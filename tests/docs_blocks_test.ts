import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { parse as parseJsonc } from "@std/jsonc/parse";
import { parse as parseYaml } from "@std/yaml/parse";
import { listDocuments } from "../scripts/clients/documents.ts";
import { parseCommandLine } from "../src/cli/args.ts";
import { findVerb, GLOBAL_OPTIONS } from "../src/cli/spec.ts";
import {
  type DocBlock,
  findBlocks,
  listDocBlocks,
} from "./support/doc_blocks.ts";
import { prepareExamples } from "./support/doc_examples.ts";
import { MEMORY_SCENES } from "./support/doc_memory_scenes.ts";
import { isTold } from "./support/doc_scene.ts";
import { SCENES as REAL_SCENES } from "./support/doc_scenes.ts";
import { withDocWorld } from "./support/doc_world.ts";
import { splitWords } from "./support/readme.ts";
import { cachedForms } from "./support/world.ts";

const SCENES = [...REAL_SCENES, ...MEMORY_SCENES];
const BLOCKS = listDocBlocks();
const deno = cachedForms().find(({ name }) => name === "deno");
const noShell = process.platform !== "linux"
  ? "the pages show Linux"
  : !existsSync(resolve("dist", "zag-ps.js"))
  ? "dist/zag-ps.js is not built"
  : false;

/** How a block without a mark is tried, or why it cannot be here. */
interface Trial {
  readonly skip: string | false;
  readonly run: () => void | Promise<void>;
}

function plan(block: DocBlock): Trial | undefined {
  const { language, text } = block;
  const now = (run: Trial["run"]): Trial => ({ skip: false, run });
  switch (language) {
    case "json":
    case "jsonc":
      return now(() => void parseJsonc(text));
    case "jsonl":
      return now(() => {
        for (const line of text.trimEnd().split("\n")) JSON.parse(line);
      });
    case "yaml":
      return now(() => checkYaml(block));
    case "ts":
      return {
        skip: deno ? noShell : "Deno is not there",
        run: () => runExample(block),
      };
    case "sh":
      return { skip: noShell, run: () => runLines(block) };
    case "text":
      if (/^zag-ps /.test(text)) return now(() => checkSynopsis(text));
      return SCENES.some((scene) => isTold(scene, block))
        ? now(() => {})
        : undefined;
  }
  return undefined;
}

for (const block of BLOCKS) {
  const { page, line, language, notRun, runBy } = block;
  const name = `${page}:${line} (${language || "no language"})`;
  if (notRun !== undefined) {
    test(`docs say why ${name} is not run`, () => {
      assert.ok(notRun.length > 10, `"${notRun}" is no reason`);
      console.log(`${page}:${line} is not run: ${notRun}`);
    });
  } else if (runBy !== undefined) {
    test(`docs name the test that runs ${name}`, () => {
      const text = readFileSync(runBy, "utf8");
      assert.ok(text.includes(page), `${runBy} does not speak of ${page}`);
    });
  } else {
    const trial = plan(block);
    test(
      `docs are true of ${name}`,
      { skip: trial?.skip ?? false },
      () => {
        assert.ok(trial, `Nothing runs ${page}:${line}, and no mark says why`);
        return trial.run();
      },
    );
  }
}

test("docs have no scene that nothing tells", () => {
  for (const scene of SCENES) {
    for (const start of scene.starts) {
      const found = BLOCKS.filter((block) =>
        block.page === scene.page && block.text.startsWith(`$ ${start}`)
      );
      assert.equal(found.length, 1, `${scene.page}: ${start}`);
    }
  }
});

test("docs show commands that parse, wherever they are", () => {
  const lines = BLOCKS.filter(({ language }) => language !== "text")
    .flatMap(({ text }) =>
      [...text.matchAll(/(?<![\w/.-])(?:\/usr\/local\/bin\/)?(zag-ps .*)$/gm)]
        .flatMap(([, line = ""]) => line)
    );
  assert.ok(lines.length > 40);
  for (const line of lines) {
    const [, ...words] = splitWords(
      line.replace(/\s[|>].*$/, "").replace(/\)"$/, ""),
    );
    parseCommandLine(words);
  }
});

test("findBlocks finds fences in fences and in lists, and marks", () => {
  const fence = "`".repeat(3);
  const text = [
    "<!-- not run: it is",
    "  dangerous -->",
    "",
    `${fence}\`text`,
    fence,
    "a",
    fence,
    `${fence}\``,
    `  ${fence}sh`,
    "  b",
    `  ${fence}`,
  ].join("\n");
  assert.deepEqual(findBlocks("p", text), [
    {
      page: "p",
      line: 4,
      language: "text",
      text: `${fence}\na\n${fence}\n`,
      notRun: "it is dangerous",
    },
    { page: "p", line: 9, language: "sh", text: "b\n" },
  ]);
  assert.throws(() => findBlocks("p", fence), /p:1: the block has no end/);
});

/** GitHub's own parser reads them, too: the stage `clients` does that. */
function checkYaml({ page, text }: DocBlock): void {
  assert.equal(typeof parseYaml(text), "object");
  const [last = ""] = text.trimEnd().split("\n").slice(-1);
  const seen = listDocuments().filter(({ name, text }) =>
    name.startsWith(`${page}, block`) && text.includes(last.trim())
  );
  assert.ok(seen.length > 0, "GitHub's parser does not see it");
}

/** A synopsis names options that the verb has. */
function checkSynopsis(text: string): void {
  for (const part of text.split(/^(?=zag-ps )/m)) {
    const verb = findVerb(splitWords(part)[1] ?? "");
    assert.ok(verb, part);
    const known = [...GLOBAL_OPTIONS, ...verb.options].flatMap((
      { name, short },
    ) => [`--${name}`, ...(short ? [`-${short}`] : [])]);
    const [options = ""] = part.split(" -- ");
    for (const [option] of options.matchAll(/(?<![\w-])--?[a-z][a-z-]*/gi)) {
      assert.ok(known.includes(option), `${verb.name} has no ${option}`);
    }
  }
}

/** Runs an example of the library as it stands, on a home of its own. */
async function runExample({ text }: DocBlock): Promise<void> {
  await withDocWorld(async (world) => {
    const { env } = prepareExamples(world);
    const url = pathToFileURL(resolve("mod.ts")).href;
    const path = join(world.home, "example.ts");
    const code = text.replaceAll('"@zag-ps/zag-ps"', JSON.stringify(url));
    assert.notEqual(code, text);
    writeFileSync(path, code);
    const config = resolve("deno.json");
    const { status, stdout, stderr } = await world.shell(
      `deno run --cached-only -A --no-check --config ${config} example.ts`,
      { env },
    );
    assert.equal(status, 0, stderr);
    assert.notEqual(stdout, "", "it prints nothing");
    assert.doesNotMatch(stderr, /^error|^Error/m);
  });
}

/** Runs each line by a shell, in a home of its own. */
async function runLines({ page, text }: DocBlock): Promise<void> {
  const lines = text.split("\n").filter((line) => /^[^#]/.test(line));
  assert.ok(lines.length > 0);
  for (const line of lines) {
    await withDocWorld(async (world) => {
      const { env, place } = prepareExamples(world);
      const ran = await world.shell(place(line), {
        // Only inside an agent there is a self.
        env: / self\b/.test(line) ? env : {},
        input: "done",
      });
      assert.equal(ran.status, 0, `${page}: ${line}\n${ran.stderr}`);
    });
  }
}
