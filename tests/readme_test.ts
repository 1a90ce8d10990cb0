import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { GLOBAL_OPTIONS, VERBS } from "../src/cli/spec.ts";
import { renderHelp } from "../src/cli/usage.ts";
import { EXIT_STATUS } from "../src/model/errors.ts";
import { type Agent, runProgram } from "./support/children.ts";
import { PAGES } from "./support/doc_blocks.ts";
import {
  COMMANDS,
  maskTranscript,
  readBlocks,
  readCode,
  README,
  readTable,
  splitWords,
} from "./support/readme.ts";
import { makeEntry, makeSession } from "./support/records.ts";
import { cachedForms, withWorld, type World } from "./support/world.ts";

const DEMO = readFileSync("docs/demo.md", "utf8");
const [demoBlock = "", ...otherReadmeBlocks] = readBlocks("text", README);
const [useBlock = "", ...otherDemoBlocks] = readBlocks("text", DEMO);
const deno = cachedForms().find(({ name }) => name === "deno");
const skip = deno === undefined ? "Deno is not there" : false;

test("README.md shows what the demo prints", { skip }, async () => {
  assert.ok(deno);
  const [program = ""] = deno.command;
  const { PATH = "", HOME = "" } = process.env;
  const { status, stdout } = await runProgram(
    program,
    ["run", "-A", resolve("scripts", "demo.ts")],
    { env: { PATH, HOME, NO_COLOR: "1", ...deno.env } },
  );
  assert.equal(status, 0);
  assert.equal(maskTranscript(demoBlock), maskTranscript(stdout));
});

/** The ids that the second transcript is about: an agent, and another. */
const [AGENT = "", OTHER = ""] = [
  ...new Set(useBlock.match(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g)),
].filter((id) =>
  useBlock.includes(`zag-ps show ${id.slice(0, 8)}`) ||
  useBlock.includes(`zag-ps stop ${id.slice(0, 8)}`)
);

/** Starts and records the two. */
function prepare(world: World): { agent: Agent; other: Agent } {
  const [agent, other] = [AGENT, OTHER].map((id) =>
    world.startSleeper({ ZAG_PROCESS_ID: id })
  ) as [Agent, Agent];
  world.writeProcesses([
    makeEntry({ id: OTHER, pid: other.pid, provider: "codex" }),
    makeEntry({
      id: AGENT,
      pid: agent.pid,
      session_id: "99999999-aaaa-4bbb-8ccc-000000000009",
      command: "exec",
      prompt: "Find the rounding error in the invoices",
      root: "/srv/shop",
    }),
  ]);
  return { agent, other };
}

test("docs/demo.md shows what its commands print", {
  skip: process.platform === "linux" ? false : "it shows Linux",
}, () =>
  withWorld(async (world) => {
    const { other } = prepare(world);
    let transcript = "";
    for (const [, line = ""] of useBlock.matchAll(/^\$ zag-ps (.*)$/gm)) {
      const { status, stdout, stderr } = await world.run(splitWords(line));
      transcript += `$ zag-ps ${line}\n${stdout}${stderr}`;
      if (status !== 0) transcript += `(exit status ${status})\n`;
      transcript += "\n";
      if (line.startsWith("stop")) await other.waitForEnd();
    }
    assert.equal(maskTranscript(transcript), maskTranscript(useBlock));
  }));

test("README.md and docs/demo.md have no transcript that nothing holds", () => {
  assert.deepEqual([...otherReadmeBlocks, ...otherDemoBlocks], []);
});

test("README.md begins with the tasks that there are", () => {
  const { tasks } = JSON.parse(readFileSync("deno.json", "utf8"));
  const [first = ""] = readBlocks("sh", README);
  const named = [...first.matchAll(/^npx -y deno@2 task (\S+) +#/gm)]
    .map(([, name]) => name);
  assert.deepEqual(named, ["demo", "test"]);
  const pages = PAGES.map((page) => readFileSync(page, "utf8")).join("\n");
  const all = [...pages.matchAll(/deno@2 task ([\w:]+)/g)];
  assert.ok(all.length > 15);
  for (const [, name = ""] of all) assert.ok(tasks[name], name);
});

test("README.md names every verb and alias, docs/commands.md every option", () => {
  const verbs = readTable("command", "what it does");
  const named = verbs.flatMap(([command]) => readCode(command));
  assert.deepEqual(
    named.map((code) => code.split(" ")[0]),
    VERBS.flatMap(({ name, aliases }) => [name, ...aliases]),
  );
  const options = [...GLOBAL_OPTIONS, ...VERBS.flatMap((verb) => verb.options)];
  for (const { name, short } of options) {
    const ways = [`--${name}\\b`, ...(short ? [`[\` ]-${short}\\b`] : [])];
    assert.match(COMMANDS, new RegExp(ways.join("|")), name);
  }
});

test("README.md has the exit statuses of the library and of the help", () => {
  const rows = readTable("status", "meaning");
  const statuses: number[] = Object.values(EXIT_STATUS);
  assert.deepEqual(rows.map(([status]) => Number(status)), statuses);
  const help = renderHelp(undefined);
  for (const [status, meaning] of rows) {
    assert.match(help, new RegExp(`^ +${status} +${meaning}$`, "m"));
  }
});

test("docs/commands.md names the keys of the JSON", () =>
  withWorld(async (world) => {
    prepare(world);
    world.writeSessions([
      makeSession({ session_id: "99999999-aaaa-4bbb-8ccc-000000000009" }),
    ]);
    const rows = new Map(
      readTable("command", "JSON", COMMANDS).map(([command, keys]) =>
        [readCode(command)[0] ?? "", readCode(keys)] as const
      ),
    );
    const check = async (command: string, args: string[], like?: string) => {
      const { status, stdout, stderr } = await world.run([...args, "--json"]);
      assert.equal(status, 0, stderr);
      const keys = Object.keys([JSON.parse(stdout)].flat()[0]);
      const shared = like === undefined ? [] : rows.get(like) ?? [];
      const named = [...shared, ...rows.get(command) ?? []];
      assert.deepEqual(named.sort(), keys.sort(), command);
    };
    await check("list", ["list"]);
    await check("show", ["show", AGENT], "list");
    await check("explain", ["explain", AGENT]);
    await check("stop", ["stop", OTHER]);
    await check("kill", ["kill", AGENT, "done"], "stop");
  }));

/** The permissions in a row of the table, for a zag home. */
function readGrants(row: RegExp, folder: string): string[] {
  const rows = readTable("to", "grant");
  const [, grants = ""] = rows.find(([to]) => row.test(to)) ?? [];
  const flags = readCode(grants).flatMap((code) => code.split(" "));
  assert.notEqual(flags.length, 0, String(row));
  return flags.map((flag) => flag.replace("DIR", folder));
}

test(
  "README.md grants what Deno needs",
  { skip },
  () =>
    withWorld(async (world) => {
      const { agent } = prepare(world);
      const narrow = /`(--allow-env=[\w,]+)`/.exec(README)?.[1];
      assert.ok(narrow);
      const [program = "", ...rest] = deno?.command ?? [];
      const run = (flags: string[], args: string[]) => {
        const first = ["run", "--cached-only", "--no-prompt", ...flags];
        const command = [program, ...first, rest.at(-1) ?? ""];
        assert.ok(deno);
        return world.run(args, { form: { ...deno, command } });
      };
      const reading = readGrants(/^read/, world.zag);
      const narrowed = reading.map((flag) =>
        flag === "--allow-env" ? narrow : flag
      );
      assert.notDeepEqual(narrowed, reading);
      for (const flags of [reading, narrowed]) {
        const { status, stdout, stderr } = await run(flags, ["list"]);
        assert.equal(status, 0, stderr);
        assert.equal(stdout.match(/ running /g)?.length, 2);
        assert.match(stderr, /^Warning: [^\n]* -A[^\n]*\n$/);
      }
      const all = await run(readGrants(/\/proc/, world.zag), ["list"]);
      assert.deepEqual([all.status, all.stderr], [0, ""]);
      const { status, stderr } = await run(
        readGrants(/^signal/, world.zag),
        ["kill", AGENT],
      );
      assert.equal(status, 0, stderr);
      assert.equal(await agent.waitForEnd(), "SIGTERM");
    }),
);

test("README.md and docs link to files and headings that are there", () => {
  const links = PAGES.flatMap((page) =>
    [...readFileSync(page, "utf8").matchAll(/\]\(([^):\s]+)\)/g)]
      .map(([, link = ""]) => ({ page, link }))
  );
  assert.ok(links.some(({ link }) => link === "LICENSE"));
  assert.ok(links.length > 50);
  for (const { page, link } of links) {
    const [path = "", heading] = link.split("#");
    const file = path === "" ? page : join(dirname(page), path);
    assert.ok(existsSync(file), `${page}: ${link}`);
    if (heading === undefined) continue;
    const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)]
      .map(([, text = ""]) =>
        text.toLowerCase().replace(/[^\w -]/g, "").replaceAll(" ", "-")
      );
    assert.ok(headings.includes(heading), `${page}: ${link}`);
  }
});
