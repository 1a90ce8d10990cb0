import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCommandLine } from "../../src/cli/args.ts";
import { parseWords } from "../../src/cli/words.ts";
import { ZagPsError } from "../../src/model/errors.ts";

test("parseWords tells positionals, flags and values apart", () => {
  const argv = ["--json", "kill", "-n", "1", "self", "--", "a", "--json", "--"];
  const { before, after, flags, values } = parseWords(argv);
  assert.deepEqual(before, ["kill", "self"]);
  assert.deepEqual(after, ["a", "--json", "--"]);
  assert.deepEqual([...flags], ["json"]);
  assert.deepEqual([...values], [["limit", "1"]]);
});

test("parseWords gathers what a repeatable option was given", () => {
  const argv = ["-f", "a=1", "list", "--filter=b>2", "-n1", "-fa=1", "-f", "-"];
  const { before, values, lists } = parseWords(argv);
  assert.deepEqual(before, ["list"]);
  assert.deepEqual([...values], [["limit", "1"]]);
  assert.deepEqual([...lists], [["filter", ["a=1", "b>2", "a=1", "-"]]]);
});

const HELP = "See zag-ps --help";
const dash = (text: string) =>
  `A text that begins with a dash goes after --, for example: zag-ps kill self -- ${text}`;

const REFUSED: [what: string, argv: string[], message: string][] = [
  [
    "a misspelt option",
    ["--jsn"],
    'Unknown option "--jsn"\nDid you mean "--json"?',
  ],
  [
    "a misspelt option with a value",
    ["--limt=5"],
    'Unknown option "--limt"\nDid you mean "--limit"?',
  ],
  [
    "a negated flag",
    ["--no-json"],
    'Unknown option "--no-json"\nDid you mean "--json"?',
  ],
  [
    "an unknown letter",
    ["show", "x", "-x"],
    `Unknown option "-x"\nSee zag-ps --help`,
  ],
  ["the name _", ["--_", "x"], `Unknown option "--_"\nSee zag-ps --help`],
  [
    "the name __proto__",
    ["--__proto__=x"],
    `Unknown option "--__proto__"\nSee zag-ps --help`,
  ],
  [
    "a dotted name",
    ["--json.x"],
    'Unknown option "--json.x"\nDid you mean "--json"?',
  ],
  [
    "a flag with a value",
    ["--json=false"],
    `Option "--json" takes no value\n${HELP}`,
  ],
  [
    "a letter with a value that takes none",
    ["-h=1"],
    `Option "-h" takes no value\n${HELP}`,
  ],
  [
    "--skip-validation=0",
    ["kill", "x", "--skip-validation=0"],
    `Option "--skip-validation" takes no value\n${HELP}`,
  ],
  ["a bare -n", ["-n"], `Option "-n" needs a value (N)\n${HELP}`],
  [
    "a bare --file",
    ["kill", "x", "--file"],
    `Option "--file" needs a value (PATH)\n${HELP}`,
  ],
  [
    "--file before --",
    ["kill", "x", "--file", "--", "y"],
    'Option "--file" needs a value (PATH)\nWrite --file=-- if that is the value',
  ],
  [
    "--file before another option",
    ["kill", "x", "--file", "--json"],
    'Option "--file" needs a value (PATH)\nWrite --file=--json if that is the value',
  ],
  [
    "an empty --file",
    ["kill", "x", "--file", ""],
    `Option "--file" needs a value\n${HELP}`,
  ],
  [
    "an empty --file=",
    ["kill", "x", "--file="],
    `Option "--file" needs a value\n${HELP}`,
  ],
  [
    "an empty --filter behind another",
    ["-f", "tag=a", "-f", ""],
    `Option "--filter" needs a value\n${HELP}`,
  ],
  ["a bare -f", ["-f"], `Option "-f" needs a value (KEY=VALUE)\n${HELP}`],
  [
    "--filter of explain",
    ["explain", "x", "-f", "tag=a"],
    '"explain" has no option "--filter"\nIt belongs to "list", "stop", "kill", "reap", "prune", "wait", and "hook"; see zag-ps explain --help',
  ],
  ["an empty -p", ["-p", ""], `Option "--provider" needs a value\n${HELP}`],
  [
    "an empty --zag-home",
    ["--zag-home="],
    `Option "--zag-home" needs a value\n${HELP}`,
  ],
  [
    "a repeated --file",
    ["kill", "x", "--file", "a", "--file=a"],
    `Option "--file" is given twice\n${HELP}`,
  ],
  [
    "a repeated -n",
    ["-n", "1", "--limit", "2"],
    `Option "--limit" is given twice\n${HELP}`,
  ],
  [
    "a repeated --zag-home",
    ["--zag-home", "a", "list", "--zag-home", "b"],
    `Option "--zag-home" is given twice\n${HELP}`,
  ],
  [
    "a color of another name",
    ["--color", "red"],
    `Option "--color" takes auto, always or never, not "red"\n${HELP}`,
  ],
  [
    "--running of show",
    ["show", "x", "--running"],
    '"show" has no option "--running"\nIt belongs to "list"; see zag-ps show --help',
  ],
  [
    "--file of stop",
    ["stop", "x", "--file", "y"],
    '"stop" has no option "--file"\nIt belongs to "kill"; see zag-ps stop --help',
  ],
];

for (const [what, argv, message] of REFUSED) {
  test(`parseWords refuses ${what}`, () => {
    assert.equal(refuse(argv), message);
  });
}

for (const limit of ["-5", "1.5", "1e3", "x", "5x", " 5", "+5", "0x5"]) {
  test(`parseCommandLine refuses the limit "${limit}"`, () => {
    assert.equal(
      refuse([`--limit=${limit}`]),
      `Option "--limit" takes a whole number from 0 up, not "${limit}"\n${HELP}`,
    );
  });
}

const DASHED: [text: string, quoted: string][] = [
  ["-1", "-1"],
  ["-0.5e3", "-0.5e3"],
  ["--x", "--x"],
  ["--x=1", "--x=1"],
  ["---", "---"],
  ["- item", "'- item'"],
  ["-- it's", "'-- it'\\''s'"],
  ["--fine", "--fine"],
  ["--no-json", "--no-json"],
  ["-\x1b", "'-\\x1b'"],
  ["-p", "-p"],
];

for (const [text, quoted] of DASHED) {
  const name = JSON.stringify(text);
  test(`parseWords refuses the result ${name} without -- and names --`, () => {
    const message = refuse(["kill", "self", text]);
    assert.equal(message.split("\n").at(-1), dash(quoted));
    assert.deepEqual(parseWords(["kill", "self", "--", text]).after, [text]);
  });
}

test("parseWords names -- where a result looks like an option of list", () => {
  for (const text of ["-n5", "-provider", "--running", "--limit=5"]) {
    assert.match(
      refuse(["kill", "self", text]),
      /; a result that begins with a dash goes after --$/,
    );
  }
});

test("parseWords cuts long texts in its messages", () => {
  const message = refuse(["kill", "self", `--${"\u{1f916}".repeat(30_000)}`]);
  assert.ok(message.length < 600, `${message.length} characters`);
  assert.ok(message.isWellFormed());
});

/** The message of a refused command line. */
function refuse(argv: string[]): string {
  try {
    parseCommandLine(argv);
  } catch (error) {
    assert.ok(error instanceof ZagPsError);
    assert.equal(error.kind, "usage");
    return error.message;
  }
  assert.fail("it was understood");
}
