/**
 * Reads the JUnit reports that Deno, Bun and Node write: the one format that
 * all three have, with a name and an outcome for each test.
 *
 * @module
 */

/** One test of a report. */
export interface TestResult {
  /** The test's name, without markup, white space collapsed. */
  name: string;
  outcome: "passed" | "failed" | "skipped";
}

// Attribute values may hold an unescaped ">" (Node writes it so).
const TEST_CASE =
  /<testcase\b((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;

/**
 * Reads every test of a JUnit report.
 *
 * A test that is marked `todo` counts as skipped.
 *
 * @param xml The report's text.
 * @returns The tests, in the order of the report.
 */
export function readJunit(xml: string): TestResult[] {
  return [...xml.matchAll(TEST_CASE)].map(([, attributes = "", body = ""]) => ({
    name: readName(attributes),
    outcome: /<(?:failure|error)\b/.test(body)
      ? "failed"
      : /<skipped\b/.test(body)
      ? "skipped"
      : "passed",
  }));
}

/**
 * Finds the tests that one report has and the other lacks.
 *
 * @param wanted The tests of the first report.
 * @param found The tests of the second report.
 * @returns The names that are missing from the second report, repeated as
 * often as they are missing.
 */
export function findMissing(
  wanted: TestResult[],
  found: TestResult[],
): string[] {
  const left = new Map<string, number>();
  for (const { name } of found) left.set(name, (left.get(name) ?? 0) + 1);
  return wanted.map(({ name }) => name).filter((name) => {
    const count = left.get(name) ?? 0;
    left.set(name, count - 1);
    return count <= 0;
  });
}

function readName(attributes: string): string {
  const raw = /(?:^|\s)name="([^"]*)"/.exec(attributes)?.[1] ?? "";
  // Node escapes quotation marks twice, hence two passes for everybody.
  return decodeEntities(decodeEntities(raw)).replace(/\s+/g, " ").trim();
}

const ENTITIES: Record<string, string> = {
  amp: "&",
  apos: "'",
  gt: ">",
  lt: "<",
  quot: '"',
};

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const code = decimal ? parseInt(decimal, 10) : parseInt(hex ?? "", 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
