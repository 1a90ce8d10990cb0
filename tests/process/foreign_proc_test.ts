/** A `/proc` of another PID namespace, as sandboxes have it. */

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { quoteForShell } from "../../src/cli/shell.ts";
import { access } from "../support/nursery.ts";
import { ID, makeEntry, OTHER_ID } from "../support/records.ts";
import { ownForm, withWorld } from "../support/world.ts";

const skip = "reason" in access
  ? `no PID namespace can be made here: ${access.reason}`
  : false;

test("a number of another namespace is nobody's mark here", {
  skip,
}, () =>
  withWorld(async (world) => {
    assert.ok("options" in access);
    const { command, env } = ownForm();
    const outer = await world.startAgent([], { ZAG_PROCESS_ID: ID });
    const cli = command.map(quoteForShell).join(" ");
    const script = join(world.home, "inside.sh");
    // The child's number is that of a kernel thread or a daemon outside.
    writeFileSync(
      script,
      `cd ${quoteForShell(world.home)}
ZAG_PROCESS_ID=${OTHER_ID} sleep 60 &
inner=$!
printf '%s' "$inner" >inner
sed -i "s/4242424/$inner/" .zag/processes.json
${cli} list --json >list 2>list-errors
${cli} kill ${ID} >kill 2>&1
echo $? >>kill
${cli} stop ${OTHER_ID} >stop 2>&1
echo $? >>stop
kill -0 "$inner" && echo alive >state
kill "$inner"
`,
    );
    world.writeProcesses([
      makeEntry({ id: ID, pid: outer.pid }),
      makeEntry({ id: OTHER_ID, pid: 4242424 }),
    ]);
    const { PATH = "", DENO_DIR } = process.env;
    const unshare = world.start("unshare", [
      ...access.options.filter((option) => option !== "--mount-proc"),
      ...["/bin/sh", script],
    ], {
      PATH,
      HOME: world.home,
      DENO_NO_UPDATE_CHECK: "1",
      ...(DENO_DIR ? { DENO_DIR } : {}),
      ...env,
    });
    assert.equal(await unshare.waitForEnd(), 0);
    const read = (name: string) => readFileSync(join(world.home, name), "utf8");
    assert.match(read("list-errors"), /Only the existence of processes/);
    const rows = JSON.parse(read("list"));
    assert.deepEqual(
      Object.fromEntries(
        rows.map((row: { id: string; identity: string }) => [
          row.id,
          row.identity,
        ]),
      ),
      { [ID]: "dead", [OTHER_ID]: "unverified" },
    );
    assert.match(read("kill"), /is not running \(status: dead\)\n3\n$/);
    assert.match(read("stop"), /may not be the one that was recorded/);
    assert.match(read("stop"), /\n1\n$/);
    assert.ok(existsSync(join(world.home, "state")), "the stranger was ended");
    assert.ok(outer.isAlive());
    assert.equal(world.readEntry(ID).status, "running");
  }));
