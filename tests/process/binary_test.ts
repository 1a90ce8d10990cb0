import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { BINARY, builtForms } from "../support/built_forms.ts";
import type { Form } from "../support/forms.ts";
import { isAlive } from "../support/children.ts";
import { makeEntry } from "../support/records.ts";
import { cachedForms, withWorld, type World } from "../support/world.ts";

const skip = !process.versions["deno"]
  ? "the compiled program is tried when the tests run under Deno"
  : process.platform === "win32"
  ? "it looks at access times, which Windows does not keep"
  : false;

const OLD = new Date("2001-01-01T00:00:00Z");

/** Every file that some runtime reads of its own accord, each of them a trap. */
const TRAPS: Record<string, string> = {
  ".env": "ZAG_HOME=trap\nBUN_OPTIONS=--preload=./trap.js\n",
  ".env.local": "ZAG_HOME=trap\n",
  ".env.production": "ZAG_HOME=trap\n",
  "bunfig.toml": 'preload = ["./trap.js"]\n',
  "deno.json": '{"imports": {"node:fs": "./trap.js"}, "unstable": ["x"]}\n',
  "deno.lock": "{",
  ".npmrc": "node-options=--require=./trap.js\n",
  "package.json":
    '{"type": "commonjs", "main": "trap.js", "imports": {"#x": "./trap.js"}}\n',
  "tsconfig.json": '{"compilerOptions": {"paths": {"*": ["./trap.js"]}}}\n',
  "trap.js": 'require("node:fs").writeFileSync("sprung", "");\n',
  "node_modules/valibot/index.js": 'require("../../trap.js");\n',
  "node_modules/ajv/index.js": 'require("../../trap.js");\n',
  "node_modules/node:fs/index.js": 'require("../../trap.js");\n',
};

/** A folder of traps, in a folder with more of them; both are gone in the end. */
async function withTraps(
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "zag-ps-traps-")));
  try {
    const folder = join(top, "folder");
    for (const place of [top, folder]) {
      for (const [name, text] of Object.entries(TRAPS)) {
        mkdirSync(dirname(join(place, name)), { recursive: true });
        writeFileSync(join(place, name), text);
      }
    }
    await use(folder);
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

/** The folder, the one above it, and all that they hold. */
function listPlaces(folder: string): string[] {
  const top = dirname(folder);
  return [
    top,
    ...readdirSync(top, { recursive: true }).map((path) =>
      join(top, String(path))
    ),
  ];
}

/** Which of the places were read since then. Reading one renews its time. */
async function findRead(
  places: string[],
  act: () => unknown,
): Promise<string[]> {
  for (const place of places) utimesSync(place, OLD, OLD);
  await act();
  return places.filter((place) => statSync(place).atimeMs !== OLD.getTime());
}

function findBinary(): Form<string> {
  const form = builtForms().find(({ name }) => name === "binary");
  assert.ok(form);
  return form;
}

function prepare(world: World): void {
  const { pid } = world.startSleeper({ ZAG_PROCESS_ID: "here" });
  world.writeProcesses([makeEntry({ id: "here", pid })]);
}

test(
  "the binary reads nothing where a person stands",
  { skip },
  (t) =>
    withTraps((folder) =>
      withWorld(async (world) => {
        prepare(world);
        const places = listPlaces(folder);
        const seen = await findRead(places, () => {
          readdirSync(folder);
          readFileSync(join(folder, ".env"));
        });
        if (seen.length !== 2) {
          t.skip("this file system keeps no access times");
          return;
        }
        const form = findBinary();
        assert.equal(form?.name, "binary");
        for (const args of [["list"], ["show", "here"], ["kill", "x"]]) {
          const elsewhere = await world.run(args, { form });
          const read = await findRead(places, async () => {
            const here = await world.run(args, { form, cwd: folder });
            assert.deepEqual(here, elsewhere);
          });
          assert.deepEqual(read, []);
        }
        assert.ok(!readdirSync(folder).includes("sprung"));
      })
    ),
);

test("the traps are real: Bun itself runs into them", {
  skip: skip || cachedForms().every(({ name }) => name !== "bun") &&
      "Bun is not there",
}, () =>
  withTraps((folder) =>
    withWorld(async (world) => {
      prepare(world);
      const bun = cachedForms().find(({ name }) => name === "bun");
      assert.ok(bun);
      await world.run(["list"], { form: bun, cwd: folder });
      assert.ok(readdirSync(folder).includes("sprung"));
    })
  ));

test(
  "the binary starts itself again for run --detach",
  { skip },
  () =>
    withWorld(async (world) => {
      const form = findBinary();
      const args = ["run", "-d", "--json", "--", "/bin/sleep", "60"];
      const started = await world.run(args, { form });
      assert.deepEqual([started.status, started.stderr], [0, ""]);
      const { id, pid } = JSON.parse(started.stdout);
      assert.ok(isAlive(pid));
      const killed = await world.run(["kill", id, "--timeout", "10s"], {
        form,
      });
      assert.equal(killed.status, 0, killed.stderr);
      const waited = await world.run(["wait", id], { form });
      assert.equal(waited.status, 0, waited.stderr);
      assert.ok(!isAlive(pid));
    }),
);

test(
  "the binary needs nothing beside it",
  { skip },
  () =>
    withWorld(async (world) => {
      // Under another name, without a PATH, in the root of all folders.
      const copy = join(world.home, "zp");
      writeFileSync(copy, readFileSync(BINARY), { mode: 0o755 });
      const { status, stdout, stderr } = await world.run(["--version"], {
        form: { name: "copy", command: [copy], env: { PATH: "" } },
        cwd: "/",
      });
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, /^zag-ps \d/);
    }),
);
