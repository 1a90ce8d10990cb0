import assert from "node:assert/strict";
import { test } from "node:test";
import {
  compileLinearRegExp,
  PatternError,
} from "../../src/model/linear_regexp.ts";

// Each pattern with texts in which it is found and texts in which it is not.
const MATCHES: [pattern: string, found: string[], not: string[]][] = [
  ["", ["", "a"], []],
  ["b", ["abc"], ["ac", ""]],
  ["^b", ["bc"], ["abc", "a\nb"]],
  ["b$", ["ab"], ["b\n", "b\nc"]],
  ["^.$", ["a", "é", "😀", "\u0085"], [
    "",
    "ab",
    "\n",
    "\r",
    "\u2028",
    "\u2029",
  ]],
  ["^\\d+$", ["0123456789"], ["٣", "a", ""]],
  ["^\\D$", ["a", "٣"], ["1"]],
  ["^\\w+$", ["azAZ09_"], ["é", "-", "ſ"]],
  ["^\\W$", ["é", "-"], ["a"]],
  [
    "^\\s+$",
    [" \t\n\v\f\r\u00a0\ufeff\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"],
    ["\u0085", "\u180e", "\u200b", "a"],
  ],
  ["^\\S$", ["a", "\u0085", "😀"], [" ", "\ufeff", "\u2028"]],
  ["^[\\s]$", ["\ufeff", " "], ["a"]],
  ["^[\\S]$", ["a"], ["\ufeff", " "]],
  ["^[^\\s]$", ["a"], ["\u3000"]],
  ["^[^\\S]$", ["\u3000"], ["a"]],
  ["^[\\D]$", ["a"], ["1"]],
  ["^[\\d.]+$", ["1.5"], ["1,5"]],
  ["\\bcat\\b", ["a cat."], ["concat"]],
  ["a\\Bb", ["ab"], ["a b"]],
  ["[\\b]", ["\b"], ["b", "\\"]],
  ["^\\t\\n\\v\\f\\r$", ["\t\n\v\f\r"], ["tnvfr"]],
  ["^\\cA\\cz$", ["\x01\x1a"], ["cAcz"]],
  ["^[\\cA]$", ["\x01"], ["A"]],
  ["^\\0$", ["\0"], ["0"]],
  ["^\\x41\\u0042\\u{43}\\u{1F600}\\ud83d\\ude00$", ["ABC😀😀"], ["x41"]],
  ["\\ud83d", [], ["😀", "\\ud83d"]],
  ["^[\\ud83d\\ude00]$", ["😀"], ["\ud83d"]],
  ["^[😀-😂]$", ["😁"], ["😃"]],
  ["^\\-\\_\\@\\/\\#\\ \\'\\\"\\%\\:\\~$", ["-_@/# '\"%:~"], ["\\-"]],
  ["^\\^\\$\\\\\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|$", ["^$\\.*+?()[]{}|"], ["^"]],
  ["^[\\-\\_\\@\\.\\]]+$", ["-_@.]"], ["\\"]],
  ["^[a-c]$", ["b"], ["d", "-"]],
  ["^[a-]$", ["a", "-"], ["b"]],
  ["^[-a]$", ["a", "-"], ["b"]],
  ["^[\\w-x]$", ["-", "x", "a"], ["."]],
  ["^[^a-c]$", ["d", "\n"], ["b"]],
  ["^[[:alpha:]]$", ["[]", ":]", "a]"], ["a", "b]"]],
  ["^[a&&b]$", ["a", "&", "b"], ["c"]],
  ["[]", [], ["", "a"]],
  ["^[^]$", ["a", "\n"], ["", "ab"]],
  ["^a{2}$", ["aa"], ["a", "aaa"]],
  ["^a{2,}$", ["aa", "aaaa"], ["a"]],
  ["^a{1,2}$", ["a", "aa"], ["", "aaa"]],
  ["^a{0}$", [""], ["a"]],
  ["^a{0,0}b$", ["b"], ["ab"]],
  ["^a*?b+?c??$", ["aabbc", "b"], ["aac"]],
  ["^a{,2}$", ["a{,2}"], ["a"]],
  ["^{x}$", ["{x}"], ["x"]],
  ["^a{b$", ["a{b"], ["ab"]],
  ["^(a|bc)+$", ["abca"], ["b", ""]],
  ["^(?:a|)b$", ["ab", "b"], ["aab"]],
  ["^(?<year>\\d{4})-(?P<m>\\d\\d)$", ["2026-11"], ["26-11"]],
  ["^(?i)straße$", ["STRAßE"], ["strasse"]],
  ["^(?i:a)b$", ["Ab"], ["AB"]],
  ["^(?s)a.b$", ["a\nb"], ["ab"]],
  ["^(?s:.)(?:.)$", ["\na"], ["a\n"]],
  ["^(?s-s:.)$", ["a"], ["\n"]],
  ["(?m)^b$", ["a\nb\nc"], ["ab"]],
  ["\\Ab\\z", ["b"], ["ab", "b\n"]],
  ["^\\p{L}$", ["é", "ß", "字"], ["1", "_"]],
  ["^\\pL\\PL$", ["é1"], ["1é"]],
  ["^\\p{Letter}+$", ["éß"], ["1"]],
  ["^\\P{Letter}$", ["1"], ["é"]],
  ["^[\\p{Lu}\\d]+$", ["É1"], ["é"]],
  ["^[^\\p{Lu}]$", ["é"], ["É"]],
  ["^\\p{General_Category=Decimal_Number}$", ["٣"], ["a"]],
  ["^\\p{gc=Nd}$", ["٣"], ["a"]],
  ["^\\p{Script=Greek}+$", ["αβγ"], ["abc"]],
  ["^\\p{sc=Cyrillic}+$", ["Иван"], ["Ivan"]],
  ["^\\p{Alphabetic}$", ["ⓐ"], ["1"]],
  ["^\\p{Emoji_Presentation}$", ["😀"], ["a"]],
  ["^\\P{ASCII}$", ["é"], ["a"]],
  ["^\\p{Cn}$", ["\u0378"], ["a"]],
  ["^\\p{C}$", ["\u0378", "\0"], ["a"]],
  ["^\\p{Any}$", ["a", "\n"], [""]],
];

for (const [pattern, found, not] of MATCHES) {
  test(`compileLinearRegExp runs ${pattern}`, () => {
    const expression = compileLinearRegExp(pattern);
    for (const text of found) {
      assert.ok(expression.test(text), `Not in ${JSON.stringify(text)}`);
    }
    for (const text of not) {
      assert.ok(!expression.test(text), `In ${JSON.stringify(text)}`);
    }
  });
}

const REFUSED: [pattern: string, why: RegExp][] = [
  ["(?=a)", /look-ahead is not supported$/],
  ["a(?!b)", /look-ahead is not supported$/],
  ["(?<=a)b", /look-behind is not supported$/],
  ["(?<!a)b", /look-behind is not supported$/],
  ["(a)\\1", /back-references are not supported$/],
  ["(?<n>a)\\k<n>", /back-references are not supported$/],
  ["(a", /an unclosed group$/],
  ["a)", /an unmatched \)$/],
  ["[a", /an unclosed character class$/],
  ["[a\\]", /an unclosed character class$/],
  ["[z-a]", /a range whose ends are reversed$/],
  ["*a", /nothing to repeat before \*$/],
  ["a**", /nothing to repeat before \*$/],
  ["a{2}{3}", /nothing to repeat before \{$/],
  ["{2}", /nothing to repeat before \{$/],
  ["a{3,2}", /a repeat whose bounds are reversed$/],
  ["\\", /ends in a backslash$/],
  ["\\a", /\\a is not an escape$/],
  ["[\\z]", /\\z is not an escape$/],
  ["\\Q.\\E", /\\Q is not an escape$/],
  ["\\c", /\\c wants a letter$/],
  ["\\c1", /\\c wants a letter$/],
  ["\\01", /octal escapes are not supported$/],
  ["\\x4", /\\x wants two hexadecimal digits$/],
  ["\\u12", /\\u wants four hexadecimal digits$/],
  ["\\u{110000}", /too large$/],
  ["\\p{Nope}", /\\p\{Nope\} is not a Unicode property$/],
  ["\\p{constructor}", /is not a Unicode property$/],
  ["\\p", /\\p is not an escape$/],
  ["(?x)a", /an unknown kind of group$/],
  ["(?>a)", /an unknown kind of group$/],
  ["(?<1>a)", /an invalid group name$/],
  ["(?:a{100}){1000}", /too large$/],
  ["a{99999999999}", /too large$/],
  ["(?:(?:(?:a{99}){99}){99}){99}", /too large$/],
  ["(".repeat(100_000), /longer than 20000 characters$/],
  ["(".repeat(10_000), /groups are nested deeper than 250$/],
];

for (const [pattern, why] of REFUSED) {
  test(`compileLinearRegExp refuses ${pattern.slice(0, 40)}`, () => {
    assert.throws(() => compileLinearRegExp(pattern), (error: unknown) => {
      assert.ok(error instanceof PatternError, String(error));
      assert.match(error.message, why);
      assert.ok(
        error.message.includes(
          JSON.stringify(pattern.slice(0, 40)).slice(1, -1),
        ),
        error.message.slice(0, 200),
      );
      return true;
    });
  });
}

test("compileLinearRegExp counts beyond the bounds of its engine", () => {
  const long = compileLinearRegExp("^a{1500,3000}$");
  for (
    const [length, expected] of [[1499, 0], [1500, 1], [3000, 1], [3001, 0]]
  ) {
    assert.equal(
      long.test("a".repeat(length ?? 0)),
      expected === 1,
      `${length}`,
    );
  }
  const nested = compileLinearRegExp("^(?:[a-z]{1,63}\\.){2,20}$");
  assert.ok(nested.test("ab.".repeat(20)));
  assert.ok(!nested.test("ab.".repeat(21)));
  assert.ok(!nested.test("ab."));
  assert.ok(!nested.test(`ab.${"a".repeat(64)}.`));
  const open = compileLinearRegExp("^(?:a{600}){2,}$");
  assert.ok(open.test("a".repeat(1800)));
  assert.ok(!open.test("a".repeat(600)));
});

test("compileLinearRegExp tells patterns apart by their text", () => {
  assert.equal(String(compileLinearRegExp("^a$")), "^a$");
});

// A second is far more than any of these takes, and far less than a
// backtracking engine would.
const HOSTILE: [pattern: string, text: string][] = [
  ["^(a+)+$", "a".repeat(100_000) + "!"],
  ["^(a|a)*$", "a".repeat(100_000) + "!"],
  ["(x+x+)+y", "x".repeat(100_000)],
  ["^(([a-z])+.)+[A-Z]([a-z])+$", "a".repeat(100_000)],
  ["(.*)(.*)(.*)(.*)b$", "a".repeat(100_000)],
  ['^(?:[^"\\\\]|\\\\.)*"$', "\\\\".repeat(50_000)],
];

for (const [pattern, text] of HOSTILE) {
  // With backtracking they would not end.
  test(`compileLinearRegExp answers on ${pattern}`, () => {
    assert.equal(compileLinearRegExp(pattern).test(text), false);
  });
}
