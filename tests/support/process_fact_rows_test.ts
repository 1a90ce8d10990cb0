import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import {
  findLaunch,
  type ProcessFactRow,
  readProcessFactRows,
  readRowText,
  ROW_FILES,
  type RowRole,
} from "./process_fact_rows.ts";

const FILES = ROW_FILES.map((file) => ({
  file,
  rows: readProcessFactRows(file),
}));
const ROWS: readonly ProcessFactRow[] = FILES.flatMap(({ rows }) => rows);

const ROLES: readonly RowRole[] = [
  "agent",
  "worker",
  "server",
  "helper",
  "supervisor",
  "launcher",
];

/** The agents that must be recognised at least. */
const PROVIDERS = [
  "aider",
  "amp",
  "auggie",
  "claude",
  "codex",
  "copilot",
  "crush",
  "cursor",
  "droid",
  "gemini",
  "goose",
  "kimi",
  "ollama",
  "opencode",
  "qwen",
];

/** Fails with the names of the rows that are not as they should be. */
function assertEach(
  rows: readonly ProcessFactRow[],
  isRight: (row: ProcessFactRow) => boolean,
): void {
  assert.deepEqual(
    rows.filter((row) => !isRight(row)).map(({ name }) => name),
    [],
  );
}

test("process fact rows have at least 80 that must be recognised", () => {
  const count = ROWS.filter(({ expect }) => expect).length;
  assert.ok(count >= 80, String(count));
});

test("process fact rows have at least 80 that must not be recognised", () => {
  const count = readProcessFactRows("bystanders").length;
  assert.ok(count >= 80, String(count));
});

test("process fact rows have recorded ones of most agents", () => {
  const found = readProcessFactRows("recorded")
    .map(({ expect }) => expect?.provider);
  for (const provider of PROVIDERS) {
    // No registry has these.
    if (["cursor", "goose", "ollama"].includes(provider)) continue;
    assert.ok(found.includes(provider), provider);
  }
});

test("process fact rows have a name of their own", () => {
  const names = ROWS.map(({ name }) => name);
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

test("process fact rows name their source", () => {
  const issue =
    /^(?:constructed, after )?https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/(?:issues|pull)\/\d+$/;
  const recorded = /^recorded: \S+@\S+, .+, Linux x64, Node \d+$/;
  for (const { file, rows } of FILES) {
    assertEach(
      rows,
      ({ source }) =>
        file === "recorded"
          ? recorded.test(source)
          : source === "constructed" || issue.test(source),
    );
  }
});

test("process fact rows have a verdict, in bystanders none but null", () => {
  for (const { file, rows } of FILES) {
    assertEach(rows, ({ expect }) => {
      if (file === "bystanders") return expect === null;
      if (file === "recorded" && expect === null) return true;
      return expect !== undefined && expect !== null &&
        PROVIDERS.includes(expect.provider) && ROLES.includes(expect.role);
    });
  }
});

test("process fact rows have every provider and every role", () => {
  const providers = new Set(ROWS.map(({ expect }) => expect?.provider));
  const roles = new Set(ROWS.map(({ expect }) => expect?.role));
  for (const provider of PROVIDERS) {
    assert.ok(providers.has(provider), provider);
  }
  for (const role of ROLES) assert.ok(roles.has(role), role);
});

test("process fact rows have every platform in each hand-made file", () => {
  for (const file of ["agents", "bystanders"] as const) {
    const platforms = readProcessFactRows(file).map(({ platform }) => platform);
    for (const platform of ["linux", "darwin", "win32"] as const) {
      assert.ok(platforms.includes(platform), `${file} ${platform}`);
    }
  }
});

test("process fact rows have facts that a process can have", () => {
  assertEach(
    ROWS,
    ({ platform, facts }) =>
      Number.isInteger(facts.pid) && facts.pid > 1 &&
      Number.isInteger(facts.ppid) && facts.ppid !== facts.pid &&
      (facts.args?.length ?? 0) > 0 &&
      (platform !== "linux" ||
        Buffer.byteLength(facts.name ?? "name is missing!") <= 15),
  );
});

test("process fact rows of one launch have pids of their own and hang together", () => {
  for (const { rows } of FILES) {
    assertEach(rows, (row) => {
      const launch = findLaunch(row, rows);
      const pids = launch.map(({ facts }) => facts.pid);
      return new Set(pids).size === pids.length;
    });
    assertEach(
      rows.filter(({ tree, expect }) => tree && expect?.role === "launcher"),
      (row) =>
        findLaunch(row, rows).some(({ facts }) => facts.ppid === row.facts.pid),
    );
  }
});

test("process fact rows name no real person and no real machine", () => {
  for (const file of ROW_FILES) {
    const text = readRowText(file).replaceAll("\\\\", "/");
    const homes = [
      ...text.matchAll(/\/(?:home|Users)\/([^/"' ]+)/g),
    ].map(([, name]) => name?.toLowerCase() ?? "");
    assert.deepEqual(
      [...new Set(homes)].filter((name) =>
        !["ada", "runner", "linuxbrew"].includes(name)
      ),
      [],
      file,
    );
    assert.doesNotMatch(text, /\/tmp\/(?!cc-daemon-)|[Rr]egistry/, file);
  }
});

/** Where programs are on a machine that is nobody's. */
const ROOTS =
  /^(?:\/(?:bin|gemini|home\/(?:ada|runner|linuxbrew)|opt|srv|usr|Applications|Users\/ada)(?:\/|$)|[Cc]:\\(?:Program Files|Users\\Ada|Windows|WINDOWS)\\|[\w.]+$)/;

test("process fact rows have programs and folders where anybody may have them", () => {
  assertEach(
    ROWS,
    ({ facts: { executable, cwd } }) =>
      [executable, cwd].every((path) => path === undefined || ROOTS.test(path)),
  );
});

test("process fact rows hold nothing that looks like a secret", () => {
  const secret =
    /\b(?:sk|pk|ghp|gho|ghs|xox[abp]|AKIA|AIza)[-_A-Za-z0-9]{16,}|\beyJ[\w-]{10,}\.|-----BEGIN|(?:password|passwd|token|secret|api[-_]?key)["' ]*[=:]["' ]*[^\s"']/i;
  for (const file of ROW_FILES) {
    assert.doesNotMatch(readRowText(file), secret, file);
  }
  const random =
    /[0-9a-f]{32}|[A-Za-z0-9+/_-]*(?=[A-Za-z0-9]{28})(?=\w*\d)(?=\w*[A-Z])(?=\w*[a-z])\w{28}/;
  assertEach(
    ROWS,
    ({ facts }) =>
      Object.values(facts.markers ?? {}).every((value) => !random.test(value)),
  );
});
