import assert from "node:assert/strict";
import { test } from "node:test";
import { doctor, type DoctorReport } from "../../src/commands/doctor.ts";
import { createAgentMachine, LOG, readAll } from "../support/agent_at_work.ts";
import { type Memory, systemError } from "../support/memory_system.ts";
import {
  BASE_SESSIONS,
  createContext,
  formatSessions,
  formatStore,
  HOME,
  makeEntry,
  makeFacts,
  makeSession,
  PID,
  STORE,
} from "../support/zag_files.ts";

const MINUTE = 60 * 1000;
const OLD = "2026-10-01T10:00:00+00:00";
const PROJECT = `${HOME}/projects/srv-shop`;

/** A home in which nothing is wrong: an agent at work, with session and log. */
function makeHealthy(): Memory {
  const memory = createAgentMachine({ log: '{"seq":1}\n' });
  memory.put(`${PROJECT}/sessions.json`, formatSessions());
  memory.put(`${HOME}/sessions_index.json`, formatSessions());
  return memory;
}

function holder(fields: Record<string, unknown> = {}): string {
  return JSON.stringify({
    pid: 99,
    start_ticks: "proc:9",
    boot_id: "boot",
    pid_namespace: "pid:[1]",
    time_namespace: "time:[1]",
    host: "memory",
    token: "t",
    ...fields,
  });
}

test("doctor finds nothing wrong in a healthy home, and changes nothing", async () => {
  const memory = makeHealthy();
  const before = readAll(memory);
  const context = createContext(memory);
  for (const fix of [false, true]) {
    const report = await doctor(context, { fix });
    assert.deepEqual(report, {
      looked: {
        home: `"${HOME}"`,
        store: `"${STORE}"`,
        entries: "1 looked at",
        sessions: "1 in 2 stores",
        logs: "1 looked at",
      },
      findings: [],
      backups: [],
      ok: true,
    });
  }
  assert.deepEqual(readAll(memory), before);
  assert.deepEqual(context.warnings, []);
});

/** What is wrong, how it is told, and how it is after --fix if that helps. */
interface Row {
  name: string;
  spoil: (memory: Memory) => void;
  check: string;
  what: RegExp;
  /** What must hold after --fix; absent: nothing is safe, nothing changes. */
  fixed?: (memory: Memory, report: DoctorReport) => void;
  level?: "note";
}

const dead = makeEntry({
  id: "dead",
  pid: 12,
  started_at: OLD,
  session_id: null,
});

const ROWS: Row[] = [
  {
    name: "a home that is a file",
    spoil: (memory) => {
      memory.files.clear();
      memory.put(HOME, "");
    },
    check: "home",
    what: /is not a folder$/,
  },
  {
    name: "a home that is not there",
    spoil: ({ files }) => files.clear(),
    check: "home",
    what: /^There is no zag home/,
    level: "note",
  },
  {
    name: "a store that is no JSON",
    spoil: (memory) => memory.put(STORE, "{"),
    check: "store",
    what: /^Cannot parse ".*" at line 1, column 2: /,
  },
  {
    name: "a store with comments",
    spoil: (memory) => memory.put(STORE, `${formatStore(makeEntry())} // mine`),
    check: "store",
    what: /is no JSON that zag reads: trailing characters/,
  },
  {
    name: "an entry that cannot be read",
    spoil: (memory) => memory.put(STORE, formatStore(makeEntry(), { id: 5 })),
    check: "store",
    what: /^Entry 1 of .* cannot be read: /,
  },
  {
    name: "an entry that only zag refuses",
    spoil: (memory) =>
      memory.put(
        STORE,
        formatStore(makeEntry(), { ...dead, status: "exited", pid: 1.5 }),
      ),
    check: "store",
    what: /^Entry 1 of .* is none that zag reads: pid: 1\.5 /,
  },
  {
    name: "two entries with one id",
    spoil: (memory) => memory.put(STORE, formatStore(makeEntry(), makeEntry())),
    check: "store",
    what: /^2 entries of .* have the id 5d3f/,
  },
  {
    name: "an old entry that is dead",
    spoil: (memory) => memory.put(STORE, formatStore(makeEntry(), dead)),
    check: "entries",
    what: /^Process dead is stored as running, and it is not: no process/,
    fixed: (memory, { backups }) => {
      const copy = `${STORE}.20261122T120000Z.bak`;
      assert.deepEqual(backups, [copy]);
      assert.equal(memory.text(copy), formatStore(makeEntry(), dead));
      assert.equal(
        memory.text(STORE),
        formatStore(makeEntry(), {
          ...dead,
          status: "killed",
          exited_at: "2026-11-22T12:00:00.000+00:00",
        }),
      );
    },
  },
  {
    name: "an old entry whose pid was given away",
    spoil: (memory) => {
      memory.put(
        STORE,
        formatStore(makeEntry(), dead),
      );
      memory.processes.set(12, makeFacts({ pid: 12, markers: {} }));
    },
    check: "entries",
    what: /^Process dead is stored as running, .* 52 d .* after the entry/,
    fixed: (memory) => assert.match(memory.text(STORE) ?? "", /"killed"/),
  },
  {
    name: "a young entry that is dead, to which zag may come back",
    spoil: (memory) => memory.processes.clear(),
    check: "entries",
    what: /is stored as running, and it is not: no process/,
  },
  {
    name: "a pid that can be none",
    spoil: (memory) => memory.put(STORE, formatStore(makeEntry({ pid: 0 }))),
    check: "entries",
    what: /can be none: pid 0 is not/,
  },
  {
    name: "an agent that outlived its end",
    spoil: (memory) =>
      memory.put(STORE, formatStore(makeEntry({ status: "killed" }))),
    check: "entries",
    what: /is stored as killed, and it lives: pid 4711, ZAG_PROCESS_ID/,
  },
  {
    name: "a living agent whose session is nowhere",
    spoil: ({ files }) => files.delete(BASE_SESSIONS),
    check: "entries",
    what: /^The session "0b9a7d34.*" of process .* is in no store/,
    level: "note",
  },
  {
    name: "a session store that is no JSON",
    spoil: (memory) => memory.put(`${PROJECT}/sessions.json`, "{"),
    check: "sessions",
    what: /^Cannot parse ".*srv-shop\/sessions\.json" at line 1/,
  },
  {
    name: "a session that cannot be read",
    spoil: (memory) =>
      memory.put(
        `${PROJECT}/sessions.json`,
        formatSessions(makeSession({ session_id: "s", exit: 5 })),
      ),
    check: "sessions",
    what: /^Session 0 of .* cannot be read: exit: /,
  },
  {
    name: "a session that only zag refuses",
    spoil: (memory) =>
      memory.put(
        `${PROJECT}/sessions.json`,
        formatSessions(makeSession({ session_id: "s", created_at: null })),
      ),
    check: "sessions",
    what: /^Session "s" of .* is none that zag reads: created_at: /,
  },
  {
    name: "an index that is no JSON",
    spoil: (memory) => memory.put(`${HOME}/sessions_index.json`, "[1"),
    check: "sessions",
    what: /^Cannot parse ".*sessions_index\.json"/,
  },
  {
    name: "a log outside the home",
    spoil: (memory) =>
      memory.put(
        `${PROJECT}/sessions.json`,
        formatSessions(
          makeSession({ session_id: "s", log_path: "/etc/x.jsonl" }),
        ),
      ),
    check: "logs",
    what: /^The log of session "s" cannot be used: .*outside the zag home/,
  },
  {
    name: "a log that is a folder",
    spoil: ({ files, folders }) => {
      files.delete(LOG);
      folders.add(LOG);
    },
    check: "logs",
    what: /is not a regular file$/,
  },
  {
    name: "a log whose writer died in the middle of a line",
    spoil: (memory) => {
      memory.put(STORE, formatStore());
      memory.put(LOG, '{"seq":1}\n{"se');
    },
    check: "logs",
    what: /^The last line of .* is not whole/,
    fixed: (memory) => assert.equal(memory.text(LOG), '{"seq":1}\n{"se\n'),
  },
  {
    name: "a store that everybody may write",
    spoil: (memory) =>
      memory.put(STORE, formatStore(makeEntry()), { mode: 0o666 }),
    check: "permissions",
    what: /^Everybody may write ".*processes\.json" \(mode 0666\)$/,
    fixed: ({ files }) => assert.equal(files.get(STORE)?.mode, 0o664),
  },
  {
    name: "a log that its owner may not write",
    spoil: (memory) => memory.put(LOG, "", { mode: 0o400 }),
    check: "permissions",
    what: /^The owner of ".*\.jsonl" may not read and write it \(mode 0400\)$/,
  },
  {
    name: "a store that belongs to another",
    spoil: (memory) => memory.put(STORE, formatStore(makeEntry()), { uid: 0 }),
    check: "permissions",
    what: /processes\.json" belongs to uid 0, and the zag home to ada$/,
  },
  {
    name: "a lock whose holder is gone",
    spoil: (memory) => memory.put(`${STORE}.lock`, holder()),
    check: "locks",
    what: /was left by process 99, which is gone$/,
    fixed: ({ files }) => assert.ok(!files.has(`${STORE}.lock`)),
  },
  {
    name: "a lock of another boot",
    spoil: (memory) =>
      memory.put(`${STORE}.lock`, holder({ boot_id: "earlier" })),
    check: "locks",
    what: /is held by process 99 of host "memory", which cannot be looked at/,
  },
  {
    name: "a lock that is none",
    spoil: (memory) => memory.put(`${PROJECT}/sessions.json.lock`, "x"),
    check: "locks",
    what: /cannot be read: it is no lock of zag-ps$/,
  },
  {
    name: "a temporary file of a zag that died",
    spoil: (memory) => {
      memory.put(`${HOME}/.processes.json.99.3.tmp`, "{");
      memory.clock += MINUTE;
    },
    check: "temporary files",
    what: /was left by process 99, which is gone$/,
    fixed: ({ files }) =>
      assert.ok(!files.has(`${HOME}/.processes.json.99.3.tmp`)),
  },
  {
    name: "a temporary file that was written a moment ago",
    spoil: (memory) => {
      memory.put(`${HOME}/.processes.json.99.3.tmp`, "{");
      memory.clock += MINUTE - 1;
    },
    check: "temporary files",
    what: /was written less than a minute ago, or cannot/,
    level: "note",
  },
  {
    name: "a temporary file that cannot be looked at",
    spoil: (memory) => {
      const path = `${HOME}/.processes.json.99.3.tmp`;
      memory.put(path, "{");
      memory.clock += MINUTE;
      memory.onCall = (name, [what]) => {
        if (name === "status" && what === path) throw systemError("EACCES");
      };
    },
    check: "temporary files",
    what: /or cannot be looked at$/,
    level: "note",
  },
  {
    name: "a temporary file of a process that is there",
    spoil: (memory) =>
      memory.put(`${PROJECT}/.sessions.json.${PID}.3.tmp`, "{"),
    check: "temporary files",
    what: /is named after process 4711, which is there$/,
    level: "note",
  },
];

for (const { name, spoil, check, what, fixed, level = "problem" } of ROWS) {
  test(`doctor finds ${name}`, async () => {
    const memory = makeHealthy();
    spoil(memory);
    const before = readAll(memory);
    const report = await doctor(createContext(memory));
    const [finding, ...others] = report.findings;
    assert.deepEqual(others.map(({ what }) => what), []);
    assert.equal(finding?.check, check);
    assert.equal(finding?.level, level);
    assert.match(finding?.what ?? "", what);
    assert.notEqual(finding?.remedy, "");
    assert.equal(report.ok, level === "note");
    assert.deepEqual(readAll(memory), before);
  });

  test(`doctor --fix ${fixed ? "mends" : "leaves"} ${name}`, async () => {
    const memory = makeHealthy();
    spoil(memory);
    const before = readAll(memory);
    const report = await doctor(createContext(memory), { fix: true });
    assert.equal(report.findings[0]?.fixed, fixed !== undefined);
    assert.equal(report.ok, level === "note" || fixed !== undefined);
    if (fixed === undefined) {
      assert.deepEqual(readAll(memory), before);
      return;
    }
    fixed(memory, report);
    const again = await doctor(createContext(memory), { fix: true });
    assert.deepEqual([again.findings, again.ok], [[], true]);
  });
}

test("doctor says nothing of the last line where a writer lives", async () => {
  const memory = makeHealthy();
  memory.put(LOG, '{"seq":1');
  assert.deepEqual((await doctor(createContext(memory))).findings, []);
});

test("doctor says nothing of a lock whose holder lives", async () => {
  const memory = makeHealthy();
  memory.put(`${STORE}.lock`, holder({ pid: PID, start_ticks: "proc:42" }));
  assert.deepEqual((await doctor(createContext(memory))).findings, []);
});

test("doctor says nothing of the modes of Windows", async () => {
  const memory = makeHealthy();
  memory.platform = "win32";
  memory.put(STORE, formatStore(makeEntry()), { mode: 0o666, uid: 0 });
  const { findings, looked } = await doctor(createContext(memory));
  assert.deepEqual(findings, []);
  assert.equal(looked.permissions, "not looked at on Windows");
});

/** Mends a temporary file of process 99; something comes before the remedy. */
async function fixTemporary(meanwhile: (memory: Memory, path: string) => void) {
  const memory = makeHealthy();
  const path = `${HOME}/.processes.json.99.3.tmp`;
  memory.put(path, "{");
  memory.clock += MINUTE;
  let looks = 0;
  memory.onCall = (name, [pids]) => {
    if (name !== "observe" || !(pids as Set<number>).has(99)) return;
    if (++looks === 2) meanwhile(memory, path);
  };
  const report = await doctor(createContext(memory), { fix: true });
  assert.equal(looks, 2);
  return { ...report, isKept: memory.files.has(path) };
}

test("doctor --fix spares a temporary file whose writer came meanwhile", async () => {
  const { findings, ok, isKept } = await fixTemporary(({ processes }) =>
    processes.set(99, makeFacts({ pid: 99 }))
  );
  assert.deepEqual([findings[0]?.fixed, ok, isKept], [false, false, true]);
  assert.equal(findings[0]?.failure, "process 99 is there now");
});

test("doctor --fix spares a temporary file that is written to meanwhile", async () => {
  const { findings, isKept } = await fixTemporary((memory, path) =>
    memory.put(path, "{}")
  );
  assert.equal(findings[0]?.failure, "it was written to");
  assert.ok(isKept);
});

test("doctor --fix leaves everything as it is where no backup can be made", async () => {
  const memory = makeHealthy();
  const text = formatStore(makeEntry(), dead);
  memory.put(STORE, text);
  memory.onCall = (name, [path]) => {
    if (name === "createFile" && String(path).endsWith(".bak")) {
      throw systemError("ENOSPC");
    }
  };
  const { findings, ok } = await doctor(createContext(memory), { fix: true });
  assert.deepEqual([findings[0]?.fixed, ok], [false, false]);
  assert.match(
    findings[0]?.failure ?? "",
    /^Failed to write the backup .*ENOSPC/,
  );
  assert.equal(memory.text(STORE), text);
});

test("doctor --fix keeps the backups of one second apart", async () => {
  const memory = makeHealthy();
  const first = `${STORE}.20261122T120000Z.bak`;
  memory.put(first, "kept");
  memory.put(STORE, formatStore(makeEntry(), dead));
  const { backups } = await doctor(createContext(memory), { fix: true });
  assert.deepEqual(backups, [first.replace(/\.bak$/, "-2.bak")]);
  assert.equal(memory.text(first), "kept");
});

test("doctor goes on where a file cannot be read", async () => {
  const memory = makeHealthy();
  memory.put(`${HOME}/.processes.json.99.3.tmp`, "{");
  memory.onCall = (name, [path]) => {
    if (name === "readFile" && path === STORE) throw systemError("EACCES");
    if (name === "listFolder" && path === `${HOME}/projects`) {
      throw systemError("EIO");
    }
  };
  const { findings, ok } = await doctor(createContext(memory));
  assert.equal(ok, false);
  assert.deepEqual(
    [...new Set(findings.map(({ check }) => check))],
    ["home", "store", "sessions", "temporary files"],
  );
});
