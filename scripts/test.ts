/**
 * Runs everything that CI runs, stage by stage, and ends with one line of
 * what passed and failed. A failed stage does not stop the ones after it.
 *
 *     deno task test [STAGE...]
 *
 * @module
 */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Counts, Run, Stage } from "./stage.ts";
import { STAGES } from "./stages.ts";

async function main(names: string[]): Promise<number> {
  const stages = selectStages(names);
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-test-"));
  mkdirSync(join(folder, "home"));
  const run: Run = { root: process.cwd(), folder, reports: new Map() };
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  const lines: string[] = [];
  try {
    for (const stage of stages) {
      const start = performance.now();
      const counts = await runStage(stage, run);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      total.passed += counts.passed;
      total.failed += counts.failed;
      total.skipped += counts.skipped;
      const mark = counts.failed > 0 ? "FAILED" : "ok";
      lines.push(
        `${stage.name.padEnd(10)} ${mark.padEnd(6)} ` +
          `${`${seconds} s`.padStart(8)}   ${formatCounts(counts)}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`\n=== summary\n${lines.join("\n")}\n`);
  if (total.skipped > 0) console.log(`${total.skipped} skipped`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

/** The named stages and what they need, or all of them. */
function selectStages(names: string[]): Stage[] {
  const known = STAGES.map((stage) => stage.name);
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) {
    throw new Error(
      `Failed to run the stage "${wrong}": there is no such stage\n` +
        `Name some of: ${known.join(", ")}`,
    );
  }
  if (names.length === 0) return STAGES;
  const wanted = new Set(names);
  for (const stage of STAGES) {
    if (names.includes(stage.name)) stage.needs?.forEach((n) => wanted.add(n));
  }
  return STAGES.filter((stage) => wanted.has(stage.name));
}

async function runStage(stage: Stage, run: Run): Promise<Counts> {
  console.log(`\n=== ${stage.name}: ${stage.title}`);
  try {
    return await stage.run(run);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function formatCounts({ passed, failed, skipped }: Counts): string {
  const text = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${text}, ${skipped} skipped` : text;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`Error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
