import type { DoctorOptions, DoctorReport } from "../../commands/doctor.ts";
import { CHECKS } from "../../model/diagnosis.ts";
import { EXIT_STATUS } from "../../model/errors.ts";
import { escapeMessage, say, toSafeJson } from "../../model/escape.ts";
import { count } from "../../model/plan_table.ts";
import type { Style } from "../style.ts";
import type { Verb } from "../verb.ts";

/** A `doctor` that was asked for. */
export interface DoctorCommand {
  readonly verb: "doctor";
  readonly options: DoctorOptions;
}

/** The verb `doctor`. */
export const DOCTOR: Verb<DoctorCommand> = {
  name: "doctor",
  aliases: [],
  positionals: "",
  arity: [0, 0],
  summary: "Check the zag home, and mend what can be mended safely (--fix)",
  notes: [
    "It looks at the home, the store, entries that lie (stored as running, and dead or another program by now), sessions, logs, permissions, locks, and temporary files left by a crash. Each finding comes with its remedy; a note is nothing wrong.",
    "--fix marks entries that have been dead for 7 days as killed (a copy of the store is left beside it), ends a log's torn last line, takes the write permission of everybody away, breaks a lock whose holder is gone, and removes a temporary file that is a minute old and whose writer is gone. The rest is yours.",
    "The exit status is 1 if something is wrong, with --fix if something is left.",
  ],
  options: [
    {
      name: "fix",
      help: "Mend what can be mended safely",
    },
  ],
  read: ({ flags }) => ({
    verb: "doctor",
    options: { fix: flags.has("fix") },
  }),
  async perform({ options }, { context, screen, json, style }) {
    const { doctor } = await import("../../commands/doctor.ts");
    const report = await doctor(context, options);
    screen.out(json ? renderJson(report) : renderReport(report, style));
    return report.ok ? EXIT_STATUS.done : EXIT_STATUS.failed;
  },
};

/** The lines of a report: one a check, its findings below. */
function renderReport(report: DoctorReport, style: Style): string {
  const lines: string[] = [];
  for (const check of CHECKS) {
    const findings = report.findings.filter((one) => one.check === check);
    const wrong = findings.some(({ level, fixed }) =>
      level === "problem" && !fixed
    );
    const looked = report.looked[check];
    if (looked === undefined && findings.length === 0) {
      if (report.looked.home === undefined) continue;
    }
    lines.push(
      `${wrong ? style.bad("✗") : style.good("✓")} ${check}${
        looked === undefined ? "" : `: ${looked}`
      }`,
    );
    for (const { level, fixed, failure, what, remedy } of findings) {
      const word = fixed ? "mended" : level;
      lines.push(`  ${word}: ${escapeMessage(what)}`);
      if (failure !== undefined) {
        lines.push(`    could not be mended: ${escapeMessage(failure)}`);
      }
      if (!fixed) lines.push(`    remedy: ${escapeMessage(remedy)}`);
    }
  }
  for (const backup of report.backups) {
    lines.push(say`The file as it was: "${backup}"`);
  }
  return `${[...lines, conclude(report)].join("\n")}\n`;
}

function conclude({ findings }: DoctorReport): string {
  const problems = findings.filter(({ level }) => level === "problem");
  const left = problems.filter(({ fixed }) => !fixed);
  const mended = problems.length - left.length;
  const fixable =
    left.filter(({ fix, failure }) =>
      fix !== undefined && failure === undefined
    ).length;
  if (problems.length === 0) return "Nothing is wrong";
  if (mended > 0) {
    return `${count(mended, "problem")} mended, ${left.length} left`;
  }
  return count(left.length, "problem") +
    (fixable > 0 ? `; zag-ps doctor --fix mends ${fixable}` : "");
}

function renderJson({ findings, backups, ok }: DoctorReport): string {
  return `${
    toSafeJson({
      backups,
      findings: findings.map((finding) => ({
        check: finding.check,
        failure: finding.failure ?? null,
        fixable: finding.fix !== undefined,
        fixed: finding.fixed,
        level: finding.level,
        remedy: finding.remedy,
        what: finding.what,
      })),
      ok,
    })
  }\n`;
}
