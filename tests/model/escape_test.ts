import assert from "node:assert/strict";
import { test } from "node:test";
import {
  escapeControls,
  escapeMessage,
  say,
  toSafeJson,
} from "../../src/model/escape.ts";

const BIDI = [
  0x061c,
  0x200e,
  0x200f,
  0x202a,
  0x202b,
  0x202c,
  0x202d,
  0x202e,
  0x2066,
  0x2067,
  0x2068,
  0x2069,
];
const C0_DEL_C1 = Array.from({ length: 0xa0 }, (_, code) => code)
  .filter((code) => code < 0x20 || code >= 0x7f);

const SHOWN: [name: string, text: string, shown: string][] = [
  ["plain text", "plain text, 'q' \"q\" \\", "plain text, 'q' \"q\" \\"],
  ["line breaks and tabs", "a\nb\rc\td", "a\\nb\\rc\\td"],
  ["C0", "\0\x07\x1b[31mred\x1f", "\\x00\\x07\\x1b[31mred\\x1f"],
  ["DEL and C1", "\x7f\x80\x9b\x9f", "\\x7f\\x80\\x9b\\x9f"],
  ["bidirectional", "\u202eevil\u2066\u061c", "\\u{202e}evil\\u{2066}\\u{61c}"],
  [
    "other characters",
    " ~\u00a0é中😀\ufeff\u200d",
    " ~\u00a0é中😀\ufeff\u200d",
  ],
  ["nothing", "", ""],
];

for (const [name, text, shown] of SHOWN) {
  test(`escapeControls shows ${name}`, () => {
    assert.equal(escapeControls(text), shown);
  });
}

for (const code of [...C0_DEL_C1, ...BIDI]) {
  const hex = code.toString(16);
  test(`escapeControls and toSafeJson let no U+${hex} through`, () => {
    const raw = String.fromCharCode(code);
    const text = `a${raw}b`;
    assert.match(escapeControls(text), /^a\\([nrt]|x..|u\{[0-9a-f]+\})b$/);
    assert.match(toSafeJson(text), /^"a\\u[0-9a-f]{4}b"$/);
    assert.equal(JSON.parse(toSafeJson(text)), text);
    assert.equal(escapeMessage(text).includes(raw), raw === "\n");
  });
}

test("escapeMessage keeps line breaks alone", () => {
  assert.equal(escapeMessage("a\n\x1bb\r\n\tc"), "a\n\\x1bb\\r\n\\tc");
});

const JSON_TEXTS: [name: string, value: unknown, json: string][] = [
  ["short escapes", "\b\t\n\f\r", '"\\u0008\\u0009\\u000a\\u000c\\u000d"'],
  ["a backslash before a letter", "\\n\\", '"\\\\n\\\\"'],
  ["a backslash before a line break", "\\\n", '"\\\\\\u000a"'],
  ["quotes", '"', '"\\""'],
  ["keys as well", { "\x9b\u202e": 1 }, '{"\\u009b\\u202e":1}'],
  ["other characters as they are", "é😀/", '"é😀/"'],
  ["nested values", [{ a: [null, "\x7f"] }], '[{"a":[null,"\\u007f"]}]'],
];

for (const [name, value, json] of JSON_TEXTS) {
  test(`toSafeJson writes ${name}`, () => {
    assert.equal(toSafeJson(value), json);
    assert.deepEqual(JSON.parse(json), value);
  });
}

test("say escapes what is filled in, not what is around it", () => {
  assert.equal(
    say`A "${"x\ny"}"\n${1}${undefined} end${"\x1b"}`,
    'A "x\\ny"\n1undefined end\\x1b',
  );
  assert.equal(say`plain\ntext`, "plain\ntext");
});
