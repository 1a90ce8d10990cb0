import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { isAlive, waitUntil } from "../support/children.ts";
import { cachedForms, withWorld } from "../support/world.ts";

const skip = process.platform === "win32" ? "it shows POSIX signals" : false;
const SCRIPT = "echo out; echo err >&2; while :; do sleep 0.1; done";

for (const form of cachedForms()) {
  test(
    `run --detach goes on when zag-ps has ended: ${form.name}`,
    { skip },
    () =>
      withWorld(async (world) => {
        const started = await world.run([
          ...[
            "run",
            "-d",
            "--json",
            "--name",
            "back",
            "--exit-hint=-a b",
            "--",
          ],
          ...["/bin/sh", "-c", SCRIPT],
        ], { form });
        assert.deepEqual([started.status, started.stderr], [0, ""]);
        const { id, pid, output_path } = JSON.parse(started.stdout);
        assert.ok(isAlive(pid));
        const shown = await world.run(["show", id, "--json"]);
        const { identity, live_status } = JSON.parse(shown.stdout);
        assert.deepEqual([identity, live_status], ["verified", "running"]);

        const early = await world.run(["wait", "back", "--timeout", "100ms"]);
        assert.deepEqual([early.status, early.stdout], [124, ""]);
        const refused = await world.run(["kill", id]);
        assert.equal(refused.status, 4, refused.stderr);
        assert.match(refused.stderr, /Expected: -a b/);
        const [waited, killed] = await Promise.all([
          world.run(["wait", id]),
          world.run(["kill", id, "done"]),
        ]);
        assert.equal(killed.status, 0, killed.stderr);
        assert.equal(waited.status, 0, waited.stderr);
        assert.match(waited.stdout, /^✓ \S+ exited \(exit code 0\) after /);
        assert.ok(!isAlive(pid));
        assert.equal(readFileSync(output_path, "utf8"), "out\nerr\n");
        assert.equal((await world.run(["output", "back"])).stdout, "done");
      }),
  );
}

test(
  "run --detach has done with a short command",
  { skip },
  () =>
    withWorld(async (world) => {
      const { status, stdout } = await world.run([
        ...["run", "--detach", "--", "/bin/sh", "-c", "exit 3"],
      ]);
      assert.equal(status, 0);
      assert.match(stdout, /^[\da-f-]{36}\n$/);
      const waited = await world.run(["wait", stdout.trim()]);
      assert.match(waited.stdout, /killed \(exit code 3\)/);
    }),
);

test(
  "run --detach tells what cannot be started",
  { skip },
  () =>
    withWorld(async (world) => {
      assert.deepEqual(
        await world.run(["run", "-d", "--", "no-such-program"]),
        {
          status: 127,
          stdout: "",
          stderr: 'Error: Failed to start "no-such-program": no such program\n',
        },
      );
    }),
);

test(
  "run --detach leaves the terminal and the input alone",
  { skip },
  () =>
    withWorld(async (world) => {
      const script = "cat; ps -o sid= -p $$; echo $$ >pid; sleep 60";
      const { status, stdout } = await world.run([
        ...["run", "-d", "--json", "--", "/bin/sh", "-c", script],
      ], { input: "not for you" });
      assert.equal(status, 0);
      const { output_path, pid, id } = JSON.parse(stdout);
      await waitUntil(
        () => existsSync(`${world.home}/pid`),
        "the script does not come that far",
      );
      const session = readFileSync(output_path, "utf8").trim();
      assert.match(session, /^\d+$/);
      assert.notEqual(Number(session), pid);
      assert.equal((await world.run(["kill", id])).status, 0);
      await waitUntil(() => !isAlive(Number(session)), "zag-ps stays behind");
    }),
);

test(
  "run --detach ends a command when its time is up",
  { skip },
  () =>
    withWorld(async (world) => {
      const { stdout } = await world.run([
        ...["run", "-d", "-t", "300ms", "--", "/bin/sleep", "60"],
      ]);
      const waited = await world.run(["wait", stdout.trim()]);
      assert.match(waited.stdout, /killed \(exit code 124\)/);
    }),
);
