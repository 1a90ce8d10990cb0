/**
 * Runs fuzzed cases, as a process of its own: one that hangs can be ended.
 *
 *     fuzzer.ts SEED COUNT   the named hostile cases, the large ones, and
 *                            COUNT fuzzed ones from SEED on
 *
 * Prints AT and the name of a case before each of them, every hundredth of
 * the fuzzed ones, then REPORT and the counts as JSON.
 */

import process from "node:process";
import { runFuzz } from "../fuzz.ts";
import { type FuzzCase, makeCase } from "../fuzz_cases.ts";
import { makeHostileCases } from "../hostile_cases.ts";
import { makeHostileFacts, makeRandomFacts } from "../hostile_facts.ts";
import { makeLargeCases } from "../large_cases.ts";

const [seed = 0, count = 0] = process.argv.slice(2).map(Number);
const CASES_BETWEEN_SIGNS = 100;

function* makeAll(): Generator<FuzzCase> {
  let i = 0;
  for (const one of [...makeHostileCases(), ...makeHostileFacts()]) {
    if (i++ % CASES_BETWEEN_SIGNS === 0) say(one);
    yield one;
  }
  for (const one of makeLargeCases()) {
    say(one);
    yield one;
  }
  for (i = 0; i < count; i++) {
    const one = makeCase(seed + i);
    if (i % CASES_BETWEEN_SIGNS === 0) say(one);
    yield one;
    if (i % 4 === 0) yield makeRandomFacts(seed + i);
  }
}

function say({ name }: FuzzCase): void {
  process.stdout.write(`AT ${name}\n`);
}

const counts = await runFuzz(makeAll());
process.stdout.write(`REPORT ${JSON.stringify(counts)}\n`);
