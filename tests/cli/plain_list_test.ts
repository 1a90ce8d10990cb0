import assert from "node:assert/strict";
import { test } from "node:test";
import { TEXTS } from "../../soak/fuzz_values.ts";
import { renderPlainList } from "../../src/cli/plain_list.ts";
import { capture } from "../support/capture.ts";
import {
  createMemory,
  type Memory,
  systemError,
} from "../support/memory_system.ts";
import {
  formatStore,
  HOME,
  ID,
  makeEntry,
  makeFacts,
  PID,
  STORE,
} from "../support/zag_files.ts";

const ENTRIES = [
  makeEntry(),
  makeEntry({
    id: "ended",
    pid: 5,
    status: "exited",
    prompt: "Übersetze\tdas, und dann noch einiges mehr, 🙂",
    started_at: "2026-11-22T12:00:00.000000000+00:00",
  }),
  makeEntry({ id: "gone", pid: 6, model: "a model with a long name" }),
  makeEntry({
    id: "other",
    status: "killed",
    exited_at: "2026-11-22T12:00:00Z",
  }),
  makeEntry({ id: "long", pid: 8, prompt: "0123456789".repeat(5) }),
  makeEntry({ id: "odd", pid: 7, status: "odd", prompt: "a\x1b[31m\u202eb" }),
];

/** A machine with a store and no process. */
function createEmptyMachine(entries: readonly unknown[]): Memory {
  const memory = createMemory();
  memory.put(STORE, JSON.stringify({ processes: entries }, null, 2));
  return memory;
}

/** A machine with a store, and the process of its first entry. */
function createMachine(entries: readonly unknown[] = ENTRIES): Memory {
  const memory = createEmptyMachine(entries);
  const facts = makeFacts();
  memory.processes.set(facts.pid, facts);
  return memory;
}

/** What is printed before all of the program is loaded, if anything is. */
async function answer(
  argv: string[],
  memory: Memory,
  terminal?: { columns: number },
): Promise<string | undefined> {
  const parts = await renderPlainList(argv, memory.system, {
    out: () => assert.fail("it prints by itself"),
    err: () => assert.fail("it prints by itself"),
    isTerminal: () => terminal !== undefined,
    columns: () => terminal?.columns,
  });
  return parts?.flat().map((line) => `${line}\n`).join("");
}

const ANSWERED: string[][] = [
  [],
  ["list"],
  ["ls"],
  ["--running"],
  ["list", "--running"],
  ["list", "-n", "2"],
  ["list", "--limit", "0"],
  ["-n", "3", "--running", "--zag-home", HOME],
  ["ls", "--zag-home", `${HOME}/`],
];

/** The same instant in three texts, each greater than the one before. */
const EQUAL = ["00.5", "00.50", "00.500"].map((seconds, i) =>
  makeEntry({ id: `${9 - i}`, started_at: `2026-11-22T11:59:${seconds}+00:00` })
);

/** The same instant in texts of one length, the second the greater one. */
const TWO_ZONES = ["00.123+00:00", "00.12300000Z"].map((seconds, i) =>
  makeEntry({ id: `${9 - i}`, started_at: `2026-11-22T11:59:${seconds}` })
);

/** As after each other zag and zag-ps write them, some in the same second. */
const MIXED = ["00", "00.123", "01.123456789", "02", "02.000", "03.5"].map((
  seconds,
  i,
) =>
  makeEntry({ id: `${9 - i}`, started_at: `2026-11-22T11:59:${seconds}+00:00` })
);

/** Entries in the order in which they were started, as zag appends them. */
const IN_ORDER = ENTRIES.map((entry, i) => ({
  ...entry,
  started_at: `2026-11-22T11:59:0${i}.000000000+00:00`,
}));

for (const argv of ANSWERED) {
  test(`renderPlainList answers zag-ps ${argv.join(" ")} as run does`, async () => {
    const stores = [
      ENTRIES,
      IN_ORDER,
      IN_ORDER.toReversed(),
      EQUAL,
      TWO_ZONES,
      [makeEntry({ id: "2" }), makeEntry({ id: "1" })],
      MIXED,
      MIXED.filter((_, i) => i !== 1 && i !== 4),
    ];
    for (const entries of stores) {
      const memory = createMachine(entries);
      for (const terminal of [undefined, { columns: 60 }]) {
        const { status, stdout, stderr } = await capture(
          argv,
          memory.system,
          terminal,
        );
        assert.deepEqual([status, stderr], [0, ""]);
        assert.equal(await answer(argv, memory, terminal), stdout);
      }
    }
  });
}

const LEFT: string[][] = [
  ["list", "--json"],
  ["--json"],
  ["list", "-a"],
  ["list", "--provider", "claude"],
  ["list", "-f", "status=running"],
  ["list", "-n"],
  ["list", "-n", "x"],
  ["list", "-n", "-1"],
  ["list", "-n", "1234567890123456"],
  ["list", "-n", "1", "-n", "1"],
  ["list", "--running", "--running"],
  ["list", "--zag-home"],
  ["list", "--zag-home", ""],
  ["list", "--zag-home", "--running"],
  ["list", "--zag-home", HOME, "--zag-home", HOME],
  ["list", "--color", "always"],
  ["list", "list"],
  ["list", "--"],
  ["--help"],
  ["--version"],
  ["show", ID],
  ["kill", "list"],
];

for (const argv of LEFT) {
  test(`renderPlainList leaves zag-ps ${argv.join(" ")} to run`, async () => {
    const memory = createMachine();
    assert.equal(await answer(argv, memory), undefined);
    assert.deepEqual(memory.calls, []);
  });
}

/** Stores that other programs write, or people. */
const OTHER_WRITERS: [name: string, entries: object[]][] = [
  ["the fields in another order", ENTRIES.map(reverseFields)],
  ["a new field in the middle", ENTRIES.map((e) => ({ host: "a", ...e }))],
  ["a list in a new field", ENTRIES.map((entry) => ({ ...entry, x: [{}] }))],
  ["a new field of the newest alone", [...IN_ORDER.slice(0, 5), {
    host: { name: "a" },
    ...IN_ORDER[5],
  }]],
  ["what is not ASCII in each field", [
    makeEntry({
      id: "ä",
      provider: "日本",
      model: "\u202e",
      command: "é\x80",
      prompt: "🙂é\t",
      status: "ü",
      started_at: "é",
    }),
    makeEntry(),
  ]],
  ["half of a surrogate pair in an id", [makeEntry({ id: "\ud83d" })]],
  ["starts in other zones", [
    makeEntry({ id: "a", started_at: "2026-11-22T11:30:00+02:00" }),
    makeEntry({ id: "b", started_at: "2026-11-22T10:00:00-02:00" }),
    makeEntry({ id: "c", started_at: "2026-11-22T11:00:00+00:00" }),
  ]],
  ["starts that are none", [
    makeEntry({ id: "a", started_at: "soon" }),
    makeEntry({ id: "b", started_at: "" }),
    makeEntry({ id: "c", started_at: "2026-02-30T11:00:00Z" }),
    makeEntry(),
  ]],
  ["the largest pid", [makeEntry({ pid: 2 ** 31 - 1 }), makeEntry()]],
];

function reverseFields(entry: object): object {
  return Object.fromEntries(Object.entries(entry).reverse());
}

for (const [name, entries] of OTHER_WRITERS) {
  test(`renderPlainList answers as run does for a store with ${name}`, async () => {
    for (const space of [0, 2]) {
      const text = JSON.stringify(
        { version: 2, processes: entries },
        null,
        space,
      );
      for (const memory of [createMachine(), createEmptyMachine([])]) {
        memory.put(STORE, text);
        for (const argv of [[], ["--running"], ["-n", "2"]]) {
          const terminal = space === 0 ? undefined : { columns: 60 };
          const { stdout, stderr } = await capture(
            argv,
            memory.system,
            terminal,
          );
          assert.equal(stderr, "");
          assert.equal(await answer(argv, memory, terminal), stdout);
        }
      }
    }
  });
}

test("renderPlainList takes no escape for a byte", async () => {
  // Both are two characters that in Latin-1 are the two bytes of another one.
  const memory = createMachine();
  const texts = ['"\\u00c3\\u00a9 Ã©"', '"é \\u00c3\\u00a9"', '"\\u00e9"'];
  for (const text of texts) {
    const store = JSON.stringify({ processes: [{ x: [], ...makeEntry() }] });
    memory.put(STORE, store.replace(/(?<="(?:prompt|model)":)"[^"]*"/g, text));
    const { stdout } = await capture([], memory.system);
    assert.equal(await answer([], memory), stdout);
    assert.ok(stdout.includes(JSON.parse(text)), stdout);
  }
});

const UNPLAIN: [name: string, change: (memory: Memory) => void][] = [
  ["no store", ({ files }) => files.delete(STORE)],
  ["an empty store", (memory) => memory.put(STORE, '{"processes": []}')],
  ["an unreadable entry", (memory) => memory.put(STORE, '{"processes": [1]}')],
  ["a broken store", (memory) => memory.put(STORE, '{"processes": [')],
  ["an entry without a field among good ones", (memory) => {
    const { model: _, ...entry } = makeEntry();
    memory.put(STORE, JSON.stringify({ processes: [makeEntry(), entry] }));
  }],
  ["a comment", (memory) => {
    memory.put(STORE, `// by hand\n${memory.text(STORE)}`);
  }],
  ["a byte order mark", (memory) => {
    memory.put(STORE, `\ufeff${memory.text(STORE)}`);
  }],
  ["a list in place of an object", (memory) => memory.put(STORE, "[]")],
  ["null in place of an object", (memory) => memory.put(STORE, "null")],
  ["another key", (memory) => {
    memory.put(
      STORE,
      memory.text(STORE)?.replace("processes", "sessions") ?? "",
    );
  }],
  ["new fields and bytes that are not UTF-8", (memory) => {
    memory.put(
      STORE,
      memory.text(STORE)?.replace('"id"', '"x": [], "id"') ?? "",
    );
    const content = memory.files.get(STORE)?.content;
    content?.fill(0xff, content.length - 300, content.length - 299);
  }],
  ["bytes that are not UTF-8", ({ files }) => {
    const file = files.get(STORE);
    const at = file?.content.indexOf("r".charCodeAt(0), 300) ?? 0;
    if (file !== undefined) file.content[at] = 0xff;
  }],
  ["a folder in place of the store", ({ files, folders }) => {
    files.delete(STORE);
    folders.add(STORE);
  }],
  ["a look that is limited", (memory) => {
    memory.sight = { complete: true, limit: "little is seen" };
  }],
  ["a look that is limited, where nothing runs", (memory) => {
    memory.put(STORE, formatStore(makeEntry({ status: "exited" })));
    memory.sight = { complete: true, limit: "little is seen" };
  }],
  ["a look that is not complete", (memory) => {
    memory.sight = { complete: false, limit: undefined };
  }],
  ["a store that must not be read", (memory) => {
    memory.onCall = (name) => {
      if (/^read/.test(name)) throw systemError("EACCES");
    };
  }],
];

for (const [name, change] of UNPLAIN) {
  test(`renderPlainList leaves ${name} to run`, async () => {
    const memory = createMachine();
    change(memory);
    assert.equal(await answer(["list"], memory), undefined);
  });
}

const TEXT_FIELDS = [
  "id",
  "session_id",
  "provider",
  "model",
  "command",
  "prompt",
  "started_at",
  "status",
  "exited_at",
  "root",
  "parent_process_id",
] as const;

test("renderPlainList answers as run does, whatever the texts are", async () => {
  let answered = 0;
  for (const field of TEXT_FIELDS) {
    for (const text of TEXTS) {
      const entries = [makeEntry({ [field]: text }), makeEntry()];
      const memories = [createMachine(entries), createEmptyMachine(entries)];
      for (const memory of memories) {
        const plain = await answer([], memory);
        if (plain === undefined) continue;
        answered++;
        const { status, stdout, stderr } = await capture([], memory.system);
        assert.deepEqual([status, stdout, stderr], [0, plain, ""], text);
      }
    }
  }
  // All of a prompt and of a root, of the others what is ASCII; each twice.
  assert.ok(answered > 4 * TEXTS.length, `${answered} of ${TEXTS.length}`);
});

test("renderPlainList answers for the store that run and kill wrote", async () => {
  const memory = createMemory();
  const argvs = [["run", "--", "claude", "a"], ["run", "--", "codex", "b"]];
  for (const argv of argvs) {
    assert.equal((await capture(argv, memory.system)).status, 0);
    memory.clock += 1000;
  }
  const processes = [
    ...JSON.parse(memory.text(STORE) ?? "").processes,
    makeEntry(),
  ];
  memory.put(STORE, JSON.stringify({ processes }, null, 2));
  memory.processes.set(PID, makeFacts({ markers: { ZAG_PROCESS_ID: ID } }));
  const killed = await capture(["kill", ID], memory.system);
  assert.equal(killed.status, 0, killed.stderr);
  assert.match(await answer([], memory) ?? "", /^(.+\n){5}$/);
});

test("renderPlainList has no process looked at that can be none", async () => {
  for (const pid of [0, 1, 2 ** 31]) {
    const memory = createMachine([makeEntry(), makeEntry({ pid })]);
    assert.equal(await answer(["list"], memory), undefined);
    assert.ok(!memory.calls.includes("observe [object Set]"), `pid ${pid}`);
  }
});

test("renderPlainList has only those processes looked at that may run", async () => {
  const statuses = ["running", "exited", "killed", "odd", "running"];
  const memory = createMachine(
    statuses.map((status, i) => makeEntry({ status, pid: 10 + i })),
  );
  const looked: unknown[] = [];
  memory.onCall = (name, [pids]) => {
    if (name === "observe") looked.push(pids);
  };
  await answer([], memory);
  assert.deepEqual(looked, [new Set([10, 14])]);
});

test("renderPlainList shows what has ended as stored, whatever lives", async () => {
  const facts = makeFacts({ markers: { ZAG_PROCESS_ID: ID } });
  for (const status of ["exited", "killed", "odd"]) {
    const memory = createMachine([makeEntry({ status })]);
    memory.processes.set(PID, facts);
    for (const argv of [[], ["--running"]]) {
      const { stdout } = await capture(argv, memory.system);
      assert.equal(await answer(argv, memory), stdout);
    }
  }
});

test("renderPlainList takes a stranger with the pid for nothing else than run", async () => {
  const strangers = [
    makeFacts({ markers: { ZAG_PROCESS_ID: "another" } }),
    makeFacts({ zombie: true }),
  ];
  for (const facts of strangers) {
    const memory = createMachine([makeEntry()]);
    memory.processes.set(PID, facts);
    for (const argv of [[], ["--running"]]) {
      const { stdout } = await capture(argv, memory.system);
      assert.equal(await answer(argv, memory), stdout);
      assert.ok(!stdout.includes("running"), stdout);
    }
  }
});

/** Characters of each kind that a prompt can have. */
const CHARACTERS = [
  ...'\n\t\r\b\f"\\/\x01\x1b\x7f\x80\x9f\xa0\xbf\xc0é\u05ff\u0600\u061c',
  ..."\u07ff\u0800\u200e\u202e\u2066\u2069\u2fff\u3000\ucfff\ud000\ud7ff\ue000\uffff",
  ..."\u{10000}\u{1f642}\u{e0001}\u{10ffff}",
  "\ud83d",
  "\\u0041",
];

test("renderPlainList shows a prompt as run does, wherever a character stands", async () => {
  const prompts = CHARACTERS.flatMap((character) =>
    [0, 1, 37, 38, 39, 40, 41].flatMap((length) => [
      "x".repeat(length) + character,
      "x".repeat(length) + character.repeat(3) + "y".repeat(40),
      "é\n".repeat(length) + character + "z",
    ])
  );
  const memory = createEmptyMachine(
    prompts.map((prompt, i) => makeEntry({ id: `${i}`, prompt })),
  );
  const { status, stdout, stderr } = await capture([], memory.system);
  assert.deepEqual([status, stderr], [0, ""]);
  assert.deepEqual((await answer([], memory))?.split("\n"), stdout.split("\n"));
});

test("renderPlainList shows each character beyond ASCII as run does", async () => {
  // Half of a surrogate pair is written as an escape: that is another test.
  const characters = Array.from({ length: 0x11000 }, (_, i) => i)
    .filter((code) => code >= 0x80 && (code < 0xd800 || code > 0xdfff))
    .map((code) => String.fromCodePoint(code));
  const entries = Array.from(
    { length: characters.length / 30 + 1 },
    (_, i) =>
      makeEntry({
        id: `${i}`,
        prompt: characters.slice(i * 30, i * 30 + 30).join(""),
      }),
  );
  const memory = createEmptyMachine(entries);
  const { stdout } = await capture([], memory.system);
  assert.deepEqual((await answer([], memory))?.split("\n"), stdout.split("\n"));
  assert.ok(stdout.includes("\u{10fff}"));
});

test("renderPlainList reads the home that ZAG_HOME names", async () => {
  const memory = createMachine([]);
  memory.put(
    "/srv/zag/processes.json",
    JSON.stringify({ processes: [makeEntry()] }),
  );
  memory.env["ZAG_HOME"] = "/srv/zag";
  assert.match(await answer([], memory) ?? "", new RegExp(`^${ID} `, "m"));
});

test("renderPlainList colours on a terminal that wants it", async () => {
  const memory = createMachine();
  const terminal = { columns: 200 };
  assert.ok((await answer([], memory, terminal))?.includes("\x1b[32m"));
  memory.env["NO_COLOR"] = "1";
  assert.ok(!(await answer([], memory, terminal))?.includes("\x1b"));
});
