import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { decodeBytes } from "../../src/model/decode_bytes.ts";
import {
  parsePlainEntry,
  parsePlainProgram,
  PROMPT_LENGTH,
  readPlainStart,
  readPlainStore,
} from "../../src/model/plain_store.ts";
import {
  decodeProcessStore,
  type ProcessEntry,
} from "../../src/model/process_entry.ts";
import { ID, makeEntry, SESSION_ID } from "../support/zag_files.ts";

const FIELDS = Object.keys(makeEntry()) as (keyof ProcessEntry)[];

/** An entry as it is read; what is absent and what is null count alike. */
interface ReadEntry {
  fields: unknown[];
  listed: unknown[];
  prompt: string[];
}

/** What both readings have to say of an entry. */
function describe(entry: ProcessEntry): ReadEntry {
  const { id, pid, provider, model, command, started_at, status } = entry;
  const prompt = [...entry.prompt ?? ""];
  return {
    fields: FIELDS.map((name) => entry[name] ?? null),
    listed: [id, pid, provider, model, command, started_at, status],
    prompt: prompt.slice(0, PROMPT_LENGTH),
  };
}

function readBytes(file: Buffer): ReadEntry[] | undefined {
  const bytes = file.toString("latin1");
  return readPlainStore(bytes, (entry) => {
    const { id, pid, program, status, start, end } = entry;
    const started_at = entry.started + entry.startedRest;
    const whole = describe(parsePlainEntry(bytes, start, end));
    const { provider, model, command } = parsePlainProgram(program);
    assert.deepEqual(readPlainStart(bytes, start), { id, started_at });
    const prompt = decodeBytes(entry.promptStart + entry.promptRest);
    return {
      ...whole,
      listed: [id, Number(pid), provider, model, command, started_at, status],
      prompt: [...JSON.parse(`"${prompt}"`)].slice(0, PROMPT_LENGTH),
    };
  });
}

const read = (text: string) => readBytes(Buffer.from(text));

/** Whether it is taken for plain; if so, nothing may differ. */
function isReadAlike(text: string): boolean {
  const plain = read(text);
  if (plain === undefined) return false;
  const { entries, bad } = decodeProcessStore(text, "processes.json");
  assert.deepEqual(bad, []);
  assert.deepEqual(plain, entries.map(({ entry }) => describe(entry)));
  return true;
}

/** An entry that names, of the fields that need not be there, only these. */
function leaveOut(...kept: string[]): Partial<ProcessEntry> {
  return Object.fromEntries(
    Object.entries(makeEntry()).filter(([name, value]) =>
      kept.includes(name) ||
      !/^(?:session_id|prompt|exit|root|parent)/.test(name) && value !== null
    ),
  );
}

const ENDED = makeEntry({
  status: "exited",
  exit_code: -1,
  exited_at: "2026-11-22T12:00:00+00:00",
  root: "/home/ada/shop",
  parent_process_id: ID,
  parent_session_id: SESSION_ID,
});

/** Stores that zag may write. */
const PLAIN: [name: string, entries: object[]][] = [
  ["one entry", [makeEntry()]],
  ["all fields", [ENDED, makeEntry(), ENDED]],
  ["an empty model and prompt", [makeEntry({ model: "", prompt: "" })]],
  ["absent fields", [leaveOut(), makeEntry(), leaveOut("prompt", "root")]],
  ["each field absent but one", [
    ...["session_id", "prompt", "root", "exit_code", "parent_process_id"]
      .map((name) => leaveOut(name)),
  ]],
  ["escapes", [
    makeEntry({ prompt: 'a\n"b"\\\t\u0001\u001f/', root: 'C:\\a "b"\\' }),
  ]],
  ["what is not ASCII", [
    makeEntry({ prompt: "Übersetze 🙂 日本\u2028", root: "/häuser/ÿ" }),
  ]],
  ["a byte order mark in a prompt", [makeEntry({ prompt: "\ufeffx\ufeff" })]],
  ["control characters of DEL and above", [
    makeEntry({ prompt: "a\x7f\x80\x9fb\u202e" }),
  ]],
  ["half of a surrogate pair", [makeEntry({ prompt: "a\ud83db" })]],
  ["the largest numbers", [
    makeEntry({ pid: 999_999_999, exit_code: 999_999_999 }),
    makeEntry({ pid: 10, exit_code: -999_999_999 }),
    makeEntry({ pid: 2, exit_code: 0 }),
  ]],
  ["what looks like the end of an entry", [
    makeEntry({ prompt: '"\n    },\n    {\n      "id": "x"' }),
    makeEntry({ prompt: '\\", "started_at": "' }),
  ]],
  ["a date without a fraction of a second", [
    makeEntry({ started_at: "2028-02-28T23:59:59+00:00" }),
    makeEntry({ started_at: "0000-12-31T00:00:00.5+00:00" }),
  ]],
  ["prompts of each length", [
    ...Array.from(
      { length: PROMPT_LENGTH + 5 },
      (_, i) => makeEntry({ prompt: "x".repeat(i) }),
    ),
    ...Array.from(
      { length: PROMPT_LENGTH + 5 },
      (_, i) => makeEntry({ prompt: "é".repeat(i) }),
    ),
    ...Array.from(
      { length: PROMPT_LENGTH + 5 },
      (_, i) => makeEntry({ prompt: "\n".repeat(i) }),
    ),
    ...Array.from(
      { length: PROMPT_LENGTH + 5 },
      (_, i) => makeEntry({ prompt: `${"x".repeat(i)}🙂"é` }),
    ),
  ]],
  ["an escape behind what is shown in bytes", [
    makeEntry({ prompt: `${"é".repeat(25)}\n"${"y".repeat(30)}` }),
    makeEntry({ prompt: `${"🙂".repeat(39)}"${"y".repeat(30)}` }),
    makeEntry({ prompt: `${"y".repeat(39)}\\n"${"y".repeat(30)}` }),
  ]],
  ["a long prompt", [makeEntry({ prompt: "x\\".repeat(20_000) })]],
  ["UTC by its letter", [
    makeEntry({ started_at: "2026-11-22T11:59:00Z" }),
    makeEntry({ started_at: "2026-11-22T11:59:00.123456789Z" }),
  ]],
  ["fields that a newer zag adds", [
    makeEntry(),
    { ...makeEntry(), host: "häuser\n", retries: -1.5e3, "a b": true },
    { ...ENDED, pidx: null, x_id: "", i: 0, f: false, e: 1e21 },
    makeEntry(),
  ]],
];

/** JSON on one line with a space after each comma and each colon. */
function spaceOut(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaceOut).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) =>
    `${JSON.stringify(name)}: ${spaceOut(field)}`
  );
  return `{${fields.join(", ")}}`;
}

for (const [name, entries] of PLAIN) {
  test(`readPlainStore reads ${name}`, () => {
    for (const space of [2, 0, 4, "\t"]) {
      const text = JSON.stringify({ processes: entries }, null, space);
      assert.ok(isReadAlike(text), text.slice(0, 500));
      assert.ok(isReadAlike(`${text}\n`));
      assert.ok(isReadAlike(spaceOut(JSON.parse(text))));
    }
  });
}

const TEXT = JSON.stringify({ processes: [makeEntry(), ENDED] }, null, 2);

/** The store with something behind the fields of its first entry. */
function atEnd(more: string): string {
  return TEXT.replace(/\n {4}\}/, `,\n      ${more}\n    }`);
}

/** What is left to the other reading. */
const OTHERS: [name: string, text: string][] = [
  ["an empty file", ""],
  ["an empty store", '{"processes": []}'],
  ["a byte order mark", `\ufeff${TEXT}`],
  ["a field that zag does not have", TEXT.replace('"pid"', '"x": 1, "pid"')],
  ["an object in a field at the end", atEnd('"x": {}')],
  ["an array in a field at the end", atEnd('"x": []')],
  ["an escape in the name of a field", atEnd('"\\u0070id": 1')],
  ["a number with a zero before it at the end", atEnd('"x": 01')],
  ["a number without a digit at the end", atEnd('"x": -')],
  ["a number with half a fraction at the end", atEnd('"x": 1.')],
  ["a number with half an exponent at the end", atEnd('"x": 1e')],
  ["a number with half a signed exponent at the end", atEnd('"x": 1e+')],
  ["a word that is no value at the end", atEnd('"x": nil')],
  ["a text that does not end at the end", atEnd('"x": "y')],
  ...FIELDS.map((field): [string, string] => [
    `the ${field} twice, once at the end`,
    atEnd(`"${field}": "x"`),
  ]),
  ["a field twice", TEXT.replace('"pid"', '"pid": 1,\n      "pid"')],
  ["another order", TEXT.replace(/("id".*,)(\s*)("pid".*,)/, "$3$2$1")],
  ["a missing field", TEXT.replace(/"model".*\n/, "")],
  ["a field that must not be null", TEXT.replace('"opus"', "null")],
  ["a field of another type", TEXT.replace('"run"', "1")],
  ["a day that not each year has", TEXT.replace("11-22T", "02-29T")],
  ...["02-30", "02-31", "04-31", "06-31", "09-31", "11-31", "13-01", "00-01"]
    .map((day): [string, string] => [
      `a day that no year has: ${day}`,
      TEXT.replace("11-22T", `${day}T`),
    ]),
  ["an hour that no day has", TEXT.replace("T11", "T24")],
  ["a leap second", TEXT.replace("T11:59:00", "T23:59:60")],
  ["another zone", TEXT.replace("+00:00", "+01:00")],
  ["UTC by a small letter", TEXT.replace("+00:00", "z")],
  ["a fraction without its point", TEXT.replace("00.123", "00+123")],
  ["a point without its fraction", TEXT.replace(/\.\d+\+/, ".")],
  ["more digits than nanoseconds", TEXT.replace("789+", "7890+")],
  ["a start that is no date", TEXT.replace(/"2026[^"]*"/, '"soon"')],
  ["a number as a text", TEXT.replace("4711", '"4711"')],
  ["a pid with a fraction", TEXT.replace("4711", "4711.5")],
  ["a pid with an exponent", TEXT.replace("4711", "4e3")],
  ["a negative pid", TEXT.replace("4711", "-4711")],
  ["a pid with a zero before it", TEXT.replace("4711", "04711")],
  ["a pid of ten digits", TEXT.replace("4711", "1000000000")],
  ["a pid that means a process group", TEXT.replace("4711", "0")],
  ["the pid of init", TEXT.replace("4711", "1")],
  ["an exit code beyond 32 bits", TEXT.replace("-1,", "-2147483649,")],
  ["an escape in an id", TEXT.replace(ID, ID.replace("5", "\\u0035"))],
  ...["id", "session_id", "parent_process_id", "exited_at", "model"].map(
    (field): [string, string] => [
      `a ${field} that is not ASCII`,
      TEXT.replaceAll(new RegExp(`("${field}": )"[^"]*"`, "g"), '$1"é"'),
    ],
  ),
  ["a line break in a text", TEXT.replace("mend the", "mend\nthe")],
  ["an escape that is none", TEXT.replace("mend the", "mend \\q the")],
  ["half an escape", TEXT.replace("mend the", "mend \\u12 the")],
  ["a text that does not end", TEXT.replace('roof"', "roof")],
  ["a form feed", TEXT.replace(",", ",\f")],
  ["a space that JSON does not have", TEXT.replace("{", "{\u00a0")],
  ["such spaces in every entry", TEXT.replaceAll("    ", "  \v\f")],
  ["a comment", TEXT.replace('"pid"', '// one\n      "pid"')],
  ["a comma too many", TEXT.replace(/\}(\s*\]\s*\})$/, "},$1")],
  ["another key of the file", TEXT.replace(/\]\s*\}$/, '], "x": 1}')],
  ["another key before it", TEXT.replace('"processes"', '"x": 1, $&')],
  ["something behind the end", `${TEXT}x`],
  ["two stores", TEXT + TEXT],
  ["an entry laid out in another way", TEXT.replace(/,\s+"pid"/, ', "pid"')],
  ["an entry that is null", TEXT.replace(/\n {2}\]/, ",\n    null\n  ]")],
];

for (const [name, text] of OTHERS) {
  test(`readPlainStore leaves alone ${name}`, () => {
    assert.equal(read(text), undefined);
  });
}

test("readPlainStore reads nothing in another way where a byte is changed", () => {
  const prompt = 'é\n"\\u';
  const store = { processes: [makeEntry({ prompt }), ENDED] };
  let plain = 0;
  for (const space of [2, 0]) {
    const text = JSON.stringify(store, null, space);
    for (let i = 0; i <= text.length; i++) {
      const [before, after] = [text.slice(0, i), text.slice(i)];
      const changed = [
        before,
        before + after.slice(1),
        ...[...'"\\ \n,:{}[]0-.e\x01\ufeffé'].flatMap((
          character,
        ) => [before + character + after, before + character + after.slice(1)]),
      ];
      plain += changed.filter(isReadAlike).length;
    }
  }
  // Most of what changes a text leaves the store one that zag may have written.
  assert.ok(plain > 5000, `only ${plain} were read`);
});

const NOT_UTF8: [name: string, bytes: number[]][] = [
  ["a continuation alone", [0x80]],
  ["a lead alone", [0xc3]],
  ["a lead that no character has", [0xf5, 0x80, 0x80, 0x80]],
  ["two bytes for ASCII", [0xc1, 0x81]],
  ["three bytes for two", [0xe0, 0x9f, 0xbf]],
  ["four bytes for three", [0xf0, 0x8f, 0xbf, 0xbf]],
  ["half of a surrogate pair", [0xed, 0xa0, 0x80]],
  ["more than Unicode", [0xf4, 0x90, 0x80, 0x80]],
  ["a character that is cut off", [0xf0, 0x9f, 0x99]],
];

for (const [name, bytes] of NOT_UTF8) {
  test(`readPlainStore leaves alone what is not UTF-8: ${name}`, () => {
    for (const field of ["roof", "ada/shop"]) {
      const [before = "", after = ""] = TEXT.split(field);
      const file = Buffer.concat([
        Buffer.from(before),
        Buffer.from(bytes),
        Buffer.from(after),
      ]);
      assert.equal(readBytes(file), undefined);
    }
  });
}

test("readPlainStore reads a character of each length and at each end", () => {
  const characters = "\x80\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}";
  for (const character of characters) {
    const entry = makeEntry({ prompt: character, root: `/${character}` });
    assert.ok(isReadAlike(JSON.stringify({ processes: [entry] })));
  }
});
