import assert from "node:assert/strict";
import { test } from "node:test";
import { LOCK_TIMEOUT_MS, withLock } from "../../src/system/lock.ts";
import type { System } from "../../src/system/system.ts";
import {
  createMemory,
  type Memory,
  systemError,
} from "../support/memory_system.ts";
import { isError } from "../support/zag_files.ts";

const PATH = "/z/store.json";
const LOCK = `${PATH}.lock`;
const HOLDER_PID = 77;

/** Of the machine that `describeSelf` of the machine in memory describes. */
const HOLDER = {
  pid: HOLDER_PID,
  start_ticks: "proc:5",
  boot_id: "boot",
  pid_namespace: "pid:[1]",
  time_namespace: "time:[1]",
  host: "memory",
  token: "stale",
};

function makeMachine(holder?: unknown, lock = LOCK): Memory {
  const memory = createMemory();
  memory.put(PATH, "x");
  if (holder !== undefined) memory.put(lock, JSON.stringify(holder));
  return memory;
}

function live(memory: Memory, startTicks: string | undefined, zombie = false) {
  const pid = HOLDER_PID;
  memory.processes.set(pid, { pid, zombie, startTicks });
}

function listFiles(memory: Memory): string[] {
  return [...memory.files.keys()].sort();
}

test("withLock holds a complete lock while the work is done, and no longer", async () => {
  const memory = makeMachine();
  const value = await withLock(memory.system, PATH, () => {
    assert.deepEqual(listFiles(memory), [PATH, LOCK]);
    const { token, ...self } = JSON.parse(memory.text(LOCK) ?? "");
    assert.notEqual(token, "");
    assert.deepEqual(self, {
      pid: 4242,
      start_ticks: "proc:1",
      boot_id: "boot",
      pid_namespace: "pid:[1]",
      time_namespace: "time:[1]",
      host: "memory",
    });
    assert.equal(memory.files.get(LOCK)?.mode, 0o644);
    return 5;
  });
  assert.equal(value, 5);
  assert.deepEqual(listFiles(memory), [PATH]);
});

test("withLock writes the lock under another name first", async () => {
  const memory = makeMachine();
  await withLock(memory.system, PATH, () => {
    const made = memory.calls.filter((call) =>
      /^(createFile|link) /.test(call)
    );
    const temporary = "/z/.store.json.lock.4242.unique-2.tmp";
    assert.deepEqual(made, [`createFile ${temporary}`, `link ${temporary}`]);
  });
});

test("withLock is beside the target of a link", async () => {
  const memory = createMemory();
  memory.put("/data/real.json", "x");
  memory.links.set(PATH, "/data/real.json");
  const files = await withLock(memory.system, PATH, () => listFiles(memory));
  assert.deepEqual(files, ["/data/real.json", "/data/real.json.lock"]);
  assert.deepEqual(listFiles(memory), ["/data/real.json"]);
});

test("withLock releases the lock if the work fails", async () => {
  const memory = makeMachine();
  const failure = new Error("no");
  const work = () => {
    throw failure;
  };
  await assert.rejects(withLock(memory.system, PATH, work), failure);
  assert.deepEqual(listFiles(memory), [PATH]);
});

test("withLock releases the lock of process 1, the only one of a container", async () => {
  const memory = makeMachine();
  const self = await memory.system.describeSelf();
  const system: System = {
    ...memory.system,
    pid: 1,
    describeSelf: () => Promise.resolve({ ...self, pid: 1 }),
  };
  const files = await withLock(system, PATH, () => listFiles(memory));
  assert.deepEqual(files, [PATH, LOCK]);
  assert.deepEqual(listFiles(memory), [PATH]);
});

test("withLock goes on if the lock cannot be removed", async () => {
  const memory = makeMachine();
  memory.onCall = (name, [path]) => {
    if (name === "remove" && path === LOCK) throw systemError("EIO");
  };
  assert.equal(await withLock(memory.system, PATH, () => 5), 5);
});

test("withLock never removes a lock that is not its own", async () => {
  const memory = makeMachine();
  const other = JSON.stringify({ ...HOLDER, token: "another" });
  await withLock(memory.system, PATH, () => memory.put(LOCK, other));
  assert.equal(memory.text(LOCK), other);
});

test("withLock waits for a live holder", async () => {
  const memory = makeMachine(HOLDER);
  live(memory, HOLDER.start_ticks);
  let pauses = 0;
  const system: System = {
    ...memory.system,
    sleep: async (milliseconds) => {
      if (++pauses === 30) memory.files.delete(LOCK);
      await memory.system.sleep(milliseconds);
    },
  };
  await withLock(system, PATH, () => assert.equal(pauses, 30));
  assert.deepEqual(listFiles(memory), [PATH]);
});

test("withLock notices that the holder dies while it waits", async () => {
  const memory = makeMachine(HOLDER);
  live(memory, HOLDER.start_ticks);
  const start = memory.clock;
  const system: System = {
    ...memory.system,
    sleep: async (milliseconds) => {
      if (memory.clock - start > 1000) memory.processes.clear();
      await memory.system.sleep(milliseconds);
    },
  };
  await withLock(system, PATH, () => {});
  assert.ok(memory.clock - start < 2000, `${memory.clock - start} ms`);
});

const KEPT: [name: string, holder: object, setUp: (memory: Memory) => void][] =
  [
    ["is alive", {}, (memory) => live(memory, HOLDER.start_ticks)],
    [
      "has a start that cannot be read",
      {},
      (memory) => live(memory, undefined),
    ],
    ["has a start of another kind", {}, (memory) => live(memory, "ps:5")],
    ["had no start", { start_ticks: "" }, (memory) => live(memory, "proc:5")],
    ["cannot be looked at", {}, (memory) => {
      memory.sight = { complete: false, limit: undefined };
    }],
    ["is on another host", { host: "other" }, () => {}],
    ["is of another boot", { boot_id: "other" }, () => {}],
    ["is in another PID namespace", { pid_namespace: "pid:[2]" }, () => {}],
    ["counts its time elsewhere", { time_namespace: "time:[2]" }, () => {}],
  ];

for (const [name, changes, setUp] of KEPT) {
  test(`withLock never breaks a lock whose holder ${name}`, async () => {
    const holder = { ...HOLDER, ...changes };
    const memory = makeMachine(holder);
    setUp(memory);
    const start = memory.clock;
    const message = name === "is alive"
      ? /^Failed to lock the store: "\/z\/store\.json\.lock" is held by process 77 on host "memory"\nTry again when it has finished$/
      : /^Failed to lock the store: "\/z\/store\.json\.lock" is held by process 77 on host "(memory|other)"/;
    await assert.rejects(
      withLock(memory.system, PATH, () => assert.fail("the work was done")),
      isError("store", message),
    );
    assert.equal(memory.text(LOCK), JSON.stringify(holder));
    assert.deepEqual(listFiles(memory), [PATH, LOCK]);
    assert.ok(memory.clock - start >= LOCK_TIMEOUT_MS);
  });
}

for (const missing of ["boot_id", "host"]) {
  test(`withLock breaks nothing on a machine without a ${missing}`, async () => {
    const memory = makeMachine({ ...HOLDER, [missing]: "" });
    const self = await memory.system.describeSelf();
    const system: System = {
      ...memory.system,
      describeSelf: () => Promise.resolve({ ...self, [missing]: "" }),
    };
    await assert.rejects(
      withLock(system, PATH, () => {}),
      isError("store", /another host, boot or PID namespace.*remove the lock/s),
    );
    assert.ok(memory.files.has(LOCK));
  });
}

const STALE: [name: string, setUp: (memory: Memory) => void][] = [
  ["is gone", () => {}],
  ["is a zombie", (memory) => live(memory, HOLDER.start_ticks, true)],
  ["started at another time", (memory) => live(memory, "proc:6")],
];

for (const [name, setUp] of STALE) {
  test(`withLock breaks a lock whose holder ${name}`, async () => {
    const memory = makeMachine(HOLDER);
    setUp(memory);
    const { pid, token } = await withLock(
      memory.system,
      PATH,
      () => JSON.parse(memory.text(LOCK) ?? ""),
    );
    assert.equal(pid, memory.system.pid);
    assert.notEqual(token, HOLDER.token);
    assert.deepEqual(listFiles(memory), [PATH]);
  });
}

test("withLock breaks a stale lock once, however many wait", async () => {
  const memory = makeMachine(HOLDER);
  const removed: string[] = [];
  memory.onCall = (name, [path]) => {
    if (name !== "remove" || path !== LOCK) return;
    removed.push(JSON.parse(memory.text(LOCK) ?? "").token);
  };
  let inside = 0;
  let done = 0;
  const waiters = Array.from({ length: 16 }, (_, i) => {
    const system: System = { ...memory.system, pid: 5000 + i };
    return withLock(system, PATH, () => {
      assert.equal(++inside, 1);
      done++;
      inside--;
    });
  });
  await Promise.all(waiters);
  assert.equal(done, 16);
  assert.equal(removed.filter((token) => token === HOLDER.token).length, 1);
  // Each other one was removed by its own holder.
  assert.equal(new Set(removed).size, 17);
  assert.deepEqual(listFiles(memory), [PATH]);
});

test("withLock takes away no lock that was new when it came to break", async () => {
  const memory = makeMachine(HOLDER);
  const fresh = JSON.stringify({ ...HOLDER, pid: 78, token: "fresh" });
  memory.processes.set(78, { pid: 78, zombie: false, startTicks: "proc:5" });
  memory.onCall = (name, [, to]) => {
    // Another waiter broke the stale one, and took it, a moment before.
    if (name === "link" && to === `${LOCK}.break`) memory.put(LOCK, fresh);
  };
  await assert.rejects(
    withLock(memory.system, PATH, () => {}),
    isError("store", /held by process 78/),
  );
  assert.equal(memory.text(LOCK), fresh);
});

test("withLock gets past breakers that died while they broke", async () => {
  const memory = makeMachine(HOLDER);
  memory.put(`${LOCK}.break`, JSON.stringify({ ...HOLDER, token: "b" }));
  memory.put(`${LOCK}.break.break`, JSON.stringify({ ...HOLDER, token: "c" }));
  assert.equal(await withLock(memory.system, PATH, () => 5), 5);
  assert.deepEqual(listFiles(memory), [PATH]);
});

test("withLock gives up where breakers died four deep", async () => {
  const memory = makeMachine(HOLDER);
  let lock = LOCK;
  for (let i = 0; i < 3; i++) {
    lock += ".break";
    memory.put(lock, JSON.stringify({ ...HOLDER, token: lock }));
  }
  await assert.rejects(
    withLock(memory.system, PATH, () => {}),
    isError("store", /store\.json\.lock\.break\.break\.break" is held by/),
  );
});

test("withLock tells if a stale lock cannot be removed", async () => {
  const memory = makeMachine(HOLDER);
  memory.onCall = (name, [path]) => {
    if (name === "remove" && path === LOCK) throw systemError("EPERM");
  };
  await assert.rejects(
    withLock(memory.system, PATH, () => {}),
    isError(
      "store",
      /^Failed to remove the lock .* of process 77, which is gone: .*EPERM/,
    ),
  );
  assert.deepEqual(listFiles(memory), [PATH, LOCK]);
});

const STRANGE: [name: string, text: string][] = [
  ["empty", ""],
  ["half-written", '{"pid":77,"start_ti'],
  ["null", "null"],
  ["an array", "[]"],
  ["of another program", "77\n"],
  ["without a boot", JSON.stringify({ ...HOLDER, boot_id: undefined })],
  ["of pid 0", JSON.stringify({ ...HOLDER, pid: 0 })],
  ["of pid -1", JSON.stringify({ ...HOLDER, pid: -1 })],
  ["of pid 2^31", JSON.stringify({ ...HOLDER, pid: 2 ** 31 })],
  ["of a pid in quotes", JSON.stringify({ ...HOLDER, pid: "77" })],
];

for (const [name, text] of STRANGE) {
  test(`withLock never breaks a lock that is ${name}`, async () => {
    const memory = makeMachine();
    memory.put(LOCK, text);
    await assert.rejects(
      withLock(memory.system, PATH, () => {}),
      isError(
        "store",
        /"\/z\/store\.json\.lock" is in the way and cannot be read: .*remove it$/s,
      ),
    );
    assert.equal(memory.text(LOCK), text);
    assert.deepEqual(listFiles(memory), [PATH, LOCK]);
  });
}

test("withLock never breaks a lock that it may not read", async () => {
  const memory = makeMachine(HOLDER);
  memory.onCall = (name, [path]) => {
    if (name === "readFile" && path === LOCK) throw systemError("EACCES");
  };
  await assert.rejects(
    withLock(memory.system, PATH, () => {}),
    isError("store", /cannot be read: permission denied \(EACCES\)/),
  );
  assert.ok(memory.files.has(LOCK));
});

test("withLock never reads what is no regular file", async () => {
  const memory = makeMachine();
  memory.put(`${LOCK}/inner`, "x");
  await assert.rejects(
    withLock(memory.system, PATH, () => {}),
    isError("store", /it is not a regular file/),
  );
  assert.ok(!memory.calls.includes(`readFile ${LOCK}`));
});

test("withLock does without hard links", async () => {
  const memory = makeMachine();
  memory.onCall = (name) => {
    if (name === "link") throw systemError("EPERM");
  };
  const files = await withLock(memory.system, PATH, () => listFiles(memory));
  assert.deepEqual(files, [PATH, LOCK]);
  assert.deepEqual(listFiles(memory), [PATH]);
});

test("withLock without hard links leaves another's lock alone", async () => {
  const memory = makeMachine();
  memory.onCall = (name) => {
    if (name !== "link") return;
    live(memory, HOLDER.start_ticks);
    memory.put(LOCK, JSON.stringify(HOLDER));
    throw systemError("EPERM");
  };
  await assert.rejects(
    withLock(memory.system, PATH, () => {}),
    isError("store", /held by process 77/),
  );
  assert.deepEqual(listFiles(memory), [PATH, LOCK]);
});

test("withLock tries again if its temporary file was cleared away", async () => {
  const memory = makeMachine();
  let links = 0;
  memory.onCall = (name, [from]) => {
    if (name === "link" && links++ === 0) memory.files.delete(String(from));
  };
  await withLock(memory.system, PATH, () => {});
  assert.equal(links, 2);
  assert.deepEqual(listFiles(memory), [PATH]);
});

test("withLock takes its own lock for its own, though the answer was lost", async () => {
  const memory = makeMachine();
  const system: System = {
    ...memory.system,
    link: (from, to) => {
      memory.system.link(from, to);
      throw systemError("EEXIST");
    },
  };
  assert.equal(await withLock(system, PATH, () => 5), 5);
  assert.deepEqual(listFiles(memory), [PATH]);
});

for (const code of ["ENOSPC", "EROFS", "EACCES", "EIO"]) {
  for (const step of ["createFile", "realPath"]) {
    test(`withLock fails at once if ${step} ends in ${code}`, async () => {
      const memory = makeMachine();
      const start = memory.clock;
      memory.onCall = (name) => {
        if (name === step) throw systemError(code);
      };
      await assert.rejects(
        withLock(memory.system, PATH, () => assert.fail("the work was done")),
        isError(
          "store",
          new RegExp(`^Failed to lock "/z/store.*\\(${code}\\)$`),
        ),
      );
      assert.deepEqual(listFiles(memory), [PATH]);
      assert.equal(memory.clock, start);
    });
  }
}

test("withLock fails at once where the folder is missing", async () => {
  const memory = createMemory();
  await assert.rejects(
    withLock(memory.system, PATH, () => {}),
    isError("store", /^Failed to lock .*ENOENT\)$/),
  );
});

test("withLock gives the waiting up at a signal, and leaves nothing", async () => {
  const memory = makeMachine(HOLDER);
  live(memory, HOLDER.start_ticks);
  const start = memory.clock;
  const system: System = {
    ...memory.system,
    deferSignals: (work) => work(() => memory.clock > start),
  };
  await assert.rejects(
    withLock(system, PATH, () => {}),
    isError("store", /^Failed to lock .*: interrupted$/),
  );
  assert.ok(memory.clock - start < 1000);
  assert.deepEqual(listFiles(memory), [PATH, LOCK]);
});

test("withLock does not ask the clock, which may be set meanwhile", async () => {
  const memory = makeMachine(HOLDER);
  live(memory, HOLDER.start_ticks);
  const system: System = {
    ...memory.system,
    now: () => assert.fail("the clock was asked"),
  };
  await assert.rejects(withLock(system, PATH, () => {}), isError("store"));
});
