import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { ownCommand } from "../../src/system/node_programs.ts";
import { createNodeSystem } from "../../src/system/node_system.ts";
import type { System } from "../../src/system/system.ts";
import { waitUntil, withDeadline } from "../support/children.ts";

const skip = process.platform === "win32" ? "it uses a POSIX shell" : false;

/** The machine with few variables, and a folder of its own. */
async function withMachine(
  use: (system: System, folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-programs-"));
  try {
    const env = { PATH: `${folder}::/usr/bin:/bin`, KEPT: "1", GONE: "1" };
    await use(createNodeSystem({ env }), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test(
  "startProgram gives the environment, and the outputs to a file",
  { skip },
  () =>
    withMachine(async (system, folder) => {
      const output = join(folder, "out");
      const program = await system.startProgram({
        command: [
          "sh",
          "-c",
          'echo "$0 $1 $KEPT$NEW[$GONE]"; echo e >&2',
          "a",
          "b",
        ],
        env: { NEW: "2", GONE: undefined },
        output,
      });
      assert.deepEqual(await withDeadline(program.ended, "sh"), { code: 0 });
      assert.equal(readFileSync(output, "utf8"), "a b 12[]\ne\n");
    }),
);

test("startProgram tells a status from a signal, also after one was sent", {
  skip,
}, () =>
  withMachine(async (system, folder) => {
    const output = join(folder, "out");
    const script =
      "trap 'exit 5' TERM; echo READY; while :; do sleep 0.01; done";
    const start = async (...command: string[]) => {
      writeFileSync(output, "");
      return await system.startProgram({ command, env: {}, output });
    };
    const polite = await start("sh", "-c", script);
    await waitUntil(() => readFileSync(output, "utf8") !== "", "not ready");
    polite.signal("SIGTERM");
    assert.deepEqual(await withDeadline(polite.ended, "sh"), { code: 5 });
    // Nobody is signalled any more: the pid may be another's by now.
    polite.signal("SIGKILL");
    const sleeper = await start("sleep", "60");
    sleeper.signal("SIGKILL");
    assert.deepEqual(
      await withDeadline(sleeper.ended, "sleep"),
      { signal: "SIGKILL", number: 9 },
    );
  }));

test(
  "startProgram looks for a program the way a shell does",
  { skip },
  () =>
    withMachine(async (system, folder) => {
      const start = (...command: string[]) =>
        system.startProgram({ command, env: {}, output: join(folder, "out") });
      const file = join(folder, "tool");
      writeFileSync(file, "exit 6");
      await assert.rejects(start("tool"), { code: "EACCES" });
      await assert.rejects(start(file), { code: "EACCES" });
      await assert.rejects(start(folder), { code: "EACCES" });
      await assert.rejects(start("no-such-program"), { code: "ENOENT" });
      await assert.rejects(start(""), { code: "ENOENT" });
      // One that may be run comes after it in PATH.
      writeFileSync(join(folder, "true"), "exit 6");
      const { ended } = await start("true");
      assert.deepEqual(await withDeadline(ended, "true"), { code: 0 });
    }),
);

test(
  "catchSignals hands signals over until it is released",
  { skip },
  async () => {
    const system = createNodeSystem();
    const caught: string[] = [];
    const before = process.listenerCount("SIGQUIT");
    const release = system.catchSignals((signal) => caught.push(signal));
    try {
      process.kill(process.pid, "SIGQUIT");
      process.kill(process.pid, "SIGHUP");
      await waitUntil(() => caught.length === 2, "the signals do not arrive");
    } finally {
      release();
    }
    assert.deepEqual(caught.sort(), ["SIGHUP", "SIGQUIT"]);
    assert.equal(process.listenerCount("SIGQUIT"), before);
  },
);

test("sleep ends with what it waits beside, and leaves no timer", async () => {
  const system = createNodeSystem();
  const hour = 3_600_000;
  await withDeadline(system.sleep(hour, Promise.resolve()), "it sleeps on");
  await withDeadline(
    system.sleep(hour, Promise.reject(new Error("made by a test"))),
    "it sleeps on",
  );
  const never = new Promise(() => {});
  const begun = Date.now();
  await withDeadline(system.sleep(20, never), "it sleeps on");
  assert.ok(Date.now() - begun >= 15);
});

test("ownCommand names the runtime and the script", () => {
  const [runtime, ...rest] = ownCommand();
  assert.equal(runtime, process.execPath);
  // A runner may give its script a name under which there is no file.
  const [, script = ""] = process.argv;
  assert.equal(rest.at(-1), existsSync(script) ? script : undefined);
});
