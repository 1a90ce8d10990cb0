import assert from "node:assert/strict";
import { test } from "node:test";
import {
  endsWithResult,
  findLastEvent,
  formatEventLine,
  formatResultLine,
  readLinesBackward,
  readLogTail,
} from "../../src/model/log_event.ts";

const CHUNK = 64 * 1024;
const MB = 1024 * 1024;
const encoder = new TextEncoder();

/** A log in memory that counts what is read of it. */
function makeLog(content: string | Uint8Array) {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  const log = {
    size: bytes.length,
    bytesRead: 0,
    read: (start: number, end: number) => {
      assert.ok(start >= 0 && start <= end && end <= bytes.length);
      log.bytesRead += end - start;
      return bytes.slice(start, end);
    },
  };
  return log;
}

/** A line with a number, padded to a length in bytes, its newline included. */
function makeLine(seq: number, length: number): string {
  const start = `{"seq":${seq},"type":"assistant_message","content":"`;
  return `${start}${"x".repeat(length - start.length - 3)}"}\n`;
}

const TAILS: [
  name: string,
  content: string | Uint8Array,
  nextSeq: bigint,
  torn: boolean,
][] = [
  ["an empty file", "", 1n, false],
  ["one line", '{"seq":0}\n', 1n, false],
  ["the last of several lines", '{"seq":7}\n{"seq":3}\n', 4n, false],
  ["a last line without a newline", '{"seq":0}\n{"seq":1}', 2n, true],
  ["a torn last line", '{"seq":8}\n{"seq":9,"ty', 9n, true],
  ["a torn only line", '{"seq":9', 1n, true],
  ["a newline alone", "\n", 1n, false],
  ["empty lines at the end", '{"seq":5}\n\n\n', 6n, false],
  ["CRLF", '{"seq":5}\r\n', 6n, false],
  ["no seq anywhere", '{"a":1}\n[1]\n"seq"\n5\nnull\n', 1n, false],
  ["lines without a seq behind", '{"seq":5}\n{"a":{"seq":9}}\n', 6n, false],
  ["lines that are no JSON behind", '{"seq":5}\nseq: 9\n{"seq":}\n', 6n, false],
  ["a seq that is a text", '{"seq":5}\n{"seq":"9"}\n', 6n, false],
  ["a seq that is null", '{"seq":5}\n{"seq":null}\n', 6n, false],
  ["a negative seq", '{"seq":5}\n{"seq":-9}\n', 6n, false],
  ["a seq with a fraction", '{"seq":5}\n{"seq":9.5}\n', 6n, false],
  ["a seq inside another value first", '{"a":{"seq":3},"seq":5}\n', 6n, false],
  ["a seq in a text first", '{"a":"\\"seq\\":3,","seq":5}\n', 6n, false],
  ["a spaced line", '{ "seq" : 5 , "a" : 1 }\n', 6n, false],
  ["2^53 - 1", '{"seq":9007199254740991}\n', 9007199254740992n, false],
  ["beyond 2^53", '{"seq":9007199254740993}\n', 9007199254740994n, false],
  [
    "the last number of zag but one",
    '{"seq":18446744073709551614}\n',
    18446744073709551615n,
    false,
  ],
  [
    "a number without a successor in zag",
    '{"seq":5}\n{"seq":18446744073709551615}\n',
    6n,
    false,
  ],
  ["a number beyond all", '{"seq":5}\n{"seq":1e400}\n', 6n, false],
  ["a byte order mark", '\ufeff{"seq":5}\n', 6n, false],
  ["text beyond ASCII", '{"seq":5,"a":"é😀"}\n', 6n, false],
  [
    "bytes that are not UTF-8 behind",
    new Uint8Array([...encoder.encode('{"seq":5}\n'), 0xff, 0xc3, 0x0a]),
    6n,
    false,
  ],
  [
    "bytes that are not UTF-8 in a text",
    new Uint8Array([...encoder.encode('{"seq":5,"a":"'), 0xe9, 0x22, 0x7d]),
    6n,
    true,
  ],
  ["a NUL behind", '{"seq":5}\n\0\0\0', 6n, true],
];

for (const [name, content, nextSeq, torn] of TAILS) {
  test(`readLogTail goes on from ${name}`, () => {
    const { size, read } = makeLog(content);
    assert.deepEqual(readLogTail(size, read), { nextSeq, torn });
  });
}

// The last line begins, ends, or is as long as a chunk, give or take a byte.
for (const length of [CHUNK - 2, CHUNK - 1, CHUNK, CHUNK + 1, CHUNK + 2]) {
  for (const behind of [0, 64, CHUNK - 1, CHUNK, CHUNK + 1]) {
    test(`readLogTail reads ${length} bytes before ${behind} others`, () => {
      const other = behind === 0 ? "" : `${" ".repeat(behind - 1)}\n`;
      const text = makeLine(3, 100) + makeLine(41, length) + other;
      const { size, read } = makeLog(text);
      assert.equal(size, 100 + length + behind);
      assert.deepEqual(readLogTail(size, read), { nextSeq: 42n, torn: false });
    });
  }
}

test("readLogTail reads a line larger than many chunks", () => {
  const { size, read } = makeLog(makeLine(1, 100) + makeLine(8, 5 * MB + 7));
  assert.deepEqual(readLogTail(size, read), { nextSeq: 9n, torn: false });
});

test("readLogTail reads only the end of a large log", () => {
  const log = makeLog(makeLine(1, 100).repeat(200_000) + makeLine(5, 300));
  assert.equal(readLogTail(log.size, log.read).nextSeq, 6n);
  assert.ok(log.size > 19 * MB);
  assert.ok(log.bytesRead <= CHUNK + 1, `${log.bytesRead} bytes were read`);
});

test("readLogTail does not mind a log that shrinks meanwhile", () => {
  const read = (start: number, end: number) =>
    encoder.encode('{"seq":5}\n').slice(start, end);
  assert.equal(readLogTail(100, read).nextSeq, 6n);
});

const TEXTS: [name: string, content: string][] = [
  ["empty", ""],
  ["a newline", "\n"],
  ["one line", "a"],
  ["lines with a newline at the end", "a\nbc\n"],
  ["lines without a newline at the end", "a\n\nbc"],
  ["a newline at a chunk's start", `a${"\n".padEnd(CHUNK, "x")}`],
  ["a newline at a chunk's end", `${"x".repeat(9)}\n${"y".repeat(CHUNK)}`],
  ["chunks full of newlines", "\n".repeat(CHUNK + 3)],
  ["a line of three chunks", `a\n${"x".repeat(3 * CHUNK)}\nb`],
];

for (const [name, content] of TEXTS) {
  test(`readLinesBackward splits a text: ${name}`, () => {
    const { size, read } = makeLog(content);
    const lines = [...readLinesBackward(size, read)]
      .map((line) => new TextDecoder().decode(line));
    const expected = content === "" ? [] : content.split("\n").reverse();
    assert.equal(lines.length, expected.length);
    assert.ok(lines.every((line, i) => line === expected[i]));
  });
}

const STARTED = '{"seq":0,"type":"session_started","resumed":true}\n';
const OTHER = '{"seq":1,"type":"assistant_message","content":"hm"}\n';
const ENDED = '{"seq":2,"type":"session_ended","success":true}\n';
function result(text: unknown): string {
  return `${
    JSON.stringify({ seq: 3, type: "session_result", result: text })
  }\n`;
}

const REPEATS: [name: string, content: string, repeated: boolean][] = [
  ["an empty log", "", false],
  ["a log without a result", STARTED + OTHER, false],
  ["this result at the end", OTHER + result("r"), true],
  ["this result without a newline", result("r").trimEnd(), true],
  ["this result before other events", result("r") + OTHER + ENDED, true],
  ["this result before lines that are no JSON", result("r") + "x\n\n{", true],
  ["another result", result("s"), false],
  ["another result after this one", result("r") + result("s"), false],
  ["this result after another one", result("s") + result("r"), true],
  ["this result before a resumed session", result("r") + STARTED, false],
  ["the result in a torn line", result("r").slice(0, -5), false],
  ["a result that is a number", result(5), false],
  ["the text in another event", OTHER.replace("hm", "r"), false],
];

for (const [name, content, repeated] of REPEATS) {
  test(`endsWithResult with ${name} is ${repeated}`, () => {
    const { size, read } = makeLog(content);
    assert.equal(endsWithResult(size, read, "r", MB), repeated);
  });
}

for (const text of ["", "é😀\n", " r", "5", '{"a":1}', "x".repeat(3 * CHUNK)]) {
  test(`endsWithResult knows ${text.length} characters again`, () => {
    const { size, read } = makeLog(result(text) + OTHER);
    assert.equal(endsWithResult(size, read, text, MB), true);
    assert.equal(endsWithResult(size, read, `${text} `, MB), false);
  });
}

test("endsWithResult looks no further back than it is told", () => {
  const log = makeLog(result("r") + OTHER.repeat(100_000));
  assert.ok(log.size > 4 * MB);
  assert.equal(endsWithResult(log.size, log.read, "r", MB), false);
  assert.ok(log.bytesRead <= MB + 2 * CHUNK, `${log.bytesRead} were read`);
});

const SESSION = {
  session_id: "s-1",
  provider: "codex",
  provider_session_id: "p-1",
};
const NOON = Date.UTC(2026, 10, 22, 12);

test("formatResultLine writes the line of the contract", () => {
  assert.equal(
    formatResultLine(SESSION, "done", { nextSeq: 3n, torn: false }, NOON),
    '{"seq":3,"ts":"2026-11-22T12:00:00.000+00:00","provider":"codex",' +
      '"wrapper_session_id":"s-1","provider_session_id":"p-1",' +
      '"source_kind":"wrapper","completeness":"full",' +
      '"type":"session_result","result":"done"}\n',
  );
});

for (const provider_session_id of [null, undefined]) {
  test(`formatResultLine writes ${provider_session_id} as null`, () => {
    const session = { session_id: "s", provider: "p", provider_session_id };
    const tail = { nextSeq: 18446744073709551615n, torn: false };
    const line = formatResultLine(session, "", tail, NOON);
    assert.ok(line.startsWith('{"seq":18446744073709551615,"ts":"'), line);
    assert.ok(line.includes('"provider_session_id":null,'), line);
    assert.ok(line.endsWith('"result":""}\n'), line);
  });
}

const RESULTS = [
  "two\nlines\r\n",
  '"quoted" \\',
  "\0\x1b\u2028\u202e",
  "é😀",
  "007",
];

for (const [i, text] of RESULTS.entries()) {
  test(`formatResultLine keeps result ${i} on one line, unchanged`, () => {
    const tail = { nextSeq: 0n, torn: true };
    const line = formatResultLine(SESSION, text, tail, NOON);
    assert.match(line, /^\n[^\n\r]+\n$/);
    assert.equal(JSON.parse(line).result, text);
  });
}

/** A log of events, read through ranges. */
function searchLog(
  events: readonly unknown[],
  wanted: string,
  until?: string,
): unknown {
  const text = events.map((event) =>
    `${typeof event === "string" ? event : JSON.stringify(event)}\n`
  ).join("");
  const bytes = new TextEncoder().encode(text);
  const read = (start: number, end: number) => bytes.subarray(start, end);
  return findLastEvent(bytes.length, read, wanted, until);
}

test("findLastEvent finds the last event of a type", () => {
  const wanted = { type: "session_result", result: "2" };
  const log = [
    { type: "session_result", result: "1" },
    wanted,
    '{"type":"session_result","result',
    { type: "assistant_message", content: '"type":"session_result"' },
  ];
  assert.deepEqual(searchLog(log, "session_result"), wanted);
  assert.equal(searchLog(log, "heartbeat"), undefined);
  assert.equal(searchLog([], "heartbeat"), undefined);
});

test("findLastEvent does not look beyond the type that ends the search", () => {
  const result = { type: "session_result", result: "1" };
  const start = { type: "session_started" };
  const other = { type: "note", text: "session_started session_result" };
  const search = (...log: unknown[]) =>
    searchLog(log, "session_result", "session_started");
  assert.equal(search(result, start, other), undefined);
  assert.deepEqual(search(start, result, other), result);
});

test("formatEventLine writes zag's envelope around an event", () => {
  const line = formatEventLine(
    { session_id: "s", provider: "codex" },
    { type: "session_ended", success: false, error: "x" },
    { nextSeq: 7n, torn: true },
    Date.UTC(2026, 10, 22, 12),
  );
  assert.equal(
    line,
    '\n{"seq":7,"ts":"2026-11-22T12:00:00.000+00:00","provider":"codex","wrapper_session_id":"s","provider_session_id":null,"source_kind":"wrapper","completeness":"full","type":"session_ended","success":false,"error":"x"}\n',
  );
});
