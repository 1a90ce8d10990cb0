import assert from "node:assert/strict";
import { test } from "node:test";
import { getFormats } from "../../src/model/schema_formats.ts";

const formats = getFormats("07");

function check(format: string, text: string): boolean {
  const isValid = formats.get(format) ?? assert.fail(`No format ${format}`);
  return isValid(text);
}

// zag's own validator says the same of each.
const TEXTS: [format: string, valid: string[], invalid: string[]][] = [
  ["date", ["2026-11-22", "2024-02-29", "0000-01-01"], [
    "2026-02-29",
    "2026-13-01",
    "2026-1-1",
    "20261122",
    "2026-11-22 ",
    "",
  ]],
  ["time", [
    "00:00:00Z",
    "23:59:59.123456789+23:59",
    "23:59:60z",
    "08:59:60-15:00",
  ], [
    "10:00:00",
    "10:00Z",
    "24:00:00Z",
    "10:60:00Z",
    "10:00:00+01",
    "10:00:00+0100",
    "10:00:00.Z",
    "12:00:60Z",
    "10:00:00+24:00",
  ]],
  ["date-time", ["2026-11-22T10:00:00Z", "2026-11-22t10:00:00.5+01:00"], [
    "2026-11-22 10:00:00Z",
    "2026-11-22T10:00:00",
    "2026-11-22T10:00:00+01",
    "2026-02-30T10:00:00Z",
    "2016-12-31T24:59:60+01:00",
    "2026-11-22",
  ]],
  ["email", [
    "a@b.example",
    "a.b+c@ex-ample.com",
    "a@localhost",
    '"a b@c"@example.com',
    "a@[127.0.0.1]",
    "a@[IPv6:::1]",
    "é@example.com",
  ], [
    "a",
    "@b",
    "a@",
    "a b@c.d",
    ".a@b.c",
    "a..b@c.d",
    "a@b..c",
    "a@-b.c",
    "a@[127.0.0]",
    "a@é.example",
  ]],
  ["idn-email", ["a@bücher.example", "δ@παράδειγμα.example"], ["a@b c", "a"]],
  ["hostname", ["a", "a.b-c.example", `${"a".repeat(63)}.b`, "1.2"], [
    "",
    "a.",
    ".a",
    "-a",
    "a-",
    "a_b",
    "é",
    "a".repeat(64),
    "a.".repeat(127) + "a",
  ]],
  ["idn-hostname", [
    "bücher.example",
    "실례.테스트",
    "l·l",
    "xn--bcher-kva",
    "a。b",
  ], [
    "",
    "a b",
    "a·b",
    "-a",
    "aa--b",
    "〮",
    "a_b",
    "・",
    "a/b",
  ]],
  ["ipv4", ["0.0.0.0", "255.255.255.255"], [
    "256.0.0.1",
    "1.2.3",
    "01.2.3.4",
    "1.2.3.4 ",
    "0x7f.0.0.1",
  ]],
  ["ipv6", ["::", "::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"], [
    ":",
    "1::2::3",
    "12345::",
    "1:2:3:4:5:6:7",
    "::1%eth0",
    "::ffff:1.2.3",
    "1.2.3.4",
  ]],
  ["uri", [
    "http://a/b?c#d",
    "mailto:a@b",
    "urn:a:b",
    "http://u:p@h:80/",
    "http://[::1]:8/%20",
    "http://[v1.a:b]/",
    "a:",
    "file:///etc",
  ], [
    "",
    "//a",
    "/a",
    "a",
    "1a:b",
    ":a",
    "http://a b",
    "http://a/%2",
    "http://a/%zz",
    'http://a/"',
    "http://a:b/",
    "http://[::1",
    "http://[::g]/",
    "http:/[::1]",
    "http://a@b@c/",
    "http://é/",
    "http://a/<b>",
    "http://a/\\",
  ]],
  ["uri-reference", ["", "a", "/a", "//a", "#b", "?c", "../a", "a/b:c"], [
    "1:b",
    ":",
    "a b",
    "\\a",
    "//a:b/",
    '/a"b',
    "/[::1]",
    "#a#b",
  ]],
  ["iri", ["http://é/ß?ü#ö", "http://ƒøø.ßår/?∂éœ=πîx#πîüx"], [
    "é",
    "/ß",
    "http://é b",
    "http://2001:db8::1",
  ]],
  ["iri-reference", ["é", "/ß", "#ƒrägmênt", ""], ["\\é", "é ß"]],
  ["json-pointer", ["", "/", "/a~0b~1c", "/é"], ["a", "/~", "/~2", "#/a"]],
  ["relative-json-pointer", ["0", "1/a", "12#", "0#"], [
    "",
    "/a",
    "01",
    "-1",
    "1a",
    "1#a",
    "0##",
    "1/~",
  ]],
  ["uri-template", ["", "http://a/{b}{?c*,d:3}", "{+a}"], [
    "{",
    "a}",
    "{a",
    "http://a/{b",
    "{a b}",
  ]],
  ["regex", ["", "^a+$", "(?=a)b", "\\p{L}", "^[\\w\\-]+\\_$"], [
    "(a",
    "[",
    "*",
    "\\a",
    "a{2,1}",
  ]],
];

for (const [format, valid, invalid] of TEXTS) {
  test(`getFormats checks ${format} as zag does`, () => {
    for (const text of valid) assert.ok(check(format, text), `Not ${text}`);
    for (const text of invalid) assert.ok(!check(format, text), `Took ${text}`);
  });
}

test("getFormats gives each draft its own formats", () => {
  const later = [
    "idn-hostname",
    "iri",
    "iri-reference",
    "relative-json-pointer",
  ];
  const six = ["json-pointer", "uri-reference", "uri-template"];
  const all = [...formats.keys()].sort();
  const without = (names: string[]) =>
    all.filter((name) => !names.includes(name));
  assert.deepEqual(all, TEXTS.map(([name]) => name).sort());
  assert.deepEqual([...getFormats("06").keys()].sort(), without(later));
  assert.deepEqual(
    [...getFormats("04").keys()].sort(),
    without([...later, ...six]),
  );
});

const LONG = [
  "a",
  "1",
  ".",
  "-",
  ":",
  "/",
  "@",
  "%",
  "%2",
  "%20",
  "[",
  "{",
  "{a}",
  "a.",
  "a-",
  "a@",
  "~0",
  "~",
  "\\",
  '"',
  "(",
  "é",
  "1:",
  "a,",
  "😀",
  " ",
];

for (const [format] of TEXTS) {
  // With a pattern that backtracks it would not end.
  test(`getFormats checks ${format} on 200,000 characters`, () => {
    for (const piece of LONG) {
      const text = piece.repeat(200_000 / piece.length);
      for (const whole of [text, `a:${text}`, `//${text}!`, `a@${text}\n`]) {
        assert.equal(typeof check(format, whole), "boolean");
      }
    }
  });
}
