import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import {
  parsePsOutput,
  PS_ENVIRONMENT,
  psCalls,
} from "../../src/system/ps_output.ts";

const COLUMNS =
  "-ww -o pid= -o ppid= -o uid= -o stat= -o lstart= -o user= -o comm=";

test("psCalls asks for the named processes, then for all", () => {
  assert.deepEqual(psCalls([1, 42, 7]).map((args) => args.join(" ")), [
    `-p 1,42,7 ${COLUMNS}`,
    `-A ${COLUMNS}`,
  ]);
});

test("psCalls asks for all at once where many are named", () => {
  const pids = Array.from({ length: 51 }, (_, i) => i + 2);
  assert.deepEqual(psCalls(pids).map((args) => args.join(" ")), [
    `-A ${COLUMNS}`,
  ]);
});

test("PS_ENVIRONMENT fixes the language and the zone", () => {
  assert.deepEqual(PS_ENVIRONMENT, { LC_ALL: "C", TZ: "UTC" });
});

const BOOTED = Date.UTC(2026, 10, 22, 20, 6);

test("parsePsOutput reads procps", () => {
  // Recorded with procps-ng 4.0.2 on Debian 12, shortened. The second row is a
  // child that had ended and was not waited for; the names of the last three
  // are those of proc_test.ts.
  const output = [
    "    1     0     0 S<Ll Sun Nov 22 20:06:00 2026 root     process_api",
    "10945 10895     0 Z    Sun Nov 22 21:47:13 2026 root     python3",
    "    4     2     0 I<   Sun Nov 22 20:06:00 2026 root     kworker/R-rcu_gp",
    "18870 18828     0 S    Sun Nov 22 21:53:52 2026 root     ((sd-pam) x)",
    "18871 18828     0 S    Sun Nov 22 21:53:52 2026 root     ) R 1 2 3",
    "18872 18828 65534 S    Sun Nov 22 21:53:52 2026 nobody   a b.c",
    "",
  ].join("\n");
  const late = Date.UTC(2026, 10, 22, 21, 53, 52);
  const row = (
    pid: number,
    ppid: number,
    startedAt: number,
    zombie = false,
    uid = 0,
    owner = "root",
  ) => [pid, {
    pid,
    ppid,
    uid,
    zombie,
    startedAt,
    startTicks: `ps:${startedAt / 1000}`,
    owner,
    executable: undefined,
  }];
  assert.deepEqual([...parsePsOutput(output)], [
    row(1, 0, BOOTED),
    row(10945, 10895, Date.UTC(2026, 10, 22, 21, 47, 13), true),
    row(4, 2, BOOTED),
    row(18870, 18828, late),
    row(18871, 18828, late),
    row(18872, 18828, late, false, 65534, "nobody"),
  ]);
});

test("parsePsOutput reads macOS", () => {
  // The start of launchd is recorded on macOS 26 in
  // https://github.com/pranshuparmar/witr/pull/218 (LC_ALL=C ps ... lstart);
  // the columns around it are constructed after ps(1) of macOS: the program
  // with its whole path, nobody's id as -2.
  const output = [
    "    1     0     0 Ss   Wed Jul 29 15:37:10 2026     root             /sbin/launchd",
    "  501     1    -2 S    Thu Jan  1 00:00:07 2026     nobody           /Applications/A B.app/Contents/MacOS/A B",
    "  502   501   501 Z    Thu Jan  1 00:00:07 2026     ada              (node)",
    "  503   501   501 U+   Thu Jan  1 00:00:07 2026     LAB\\ada          -zsh",
  ].join("\n");
  const processes = parsePsOutput(output);
  assert.deepEqual(processes.get(1), {
    pid: 1,
    ppid: 0,
    uid: 0,
    zombie: false,
    startedAt: Date.UTC(2026, 6, 29, 15, 37, 10),
    startTicks: `ps:${Date.UTC(2026, 6, 29, 15, 37, 10) / 1000}`,
    owner: "root",
    executable: "/sbin/launchd",
  });
  assert.equal(processes.get(501)?.uid, -2);
  assert.equal(
    processes.get(501)?.executable,
    "/Applications/A B.app/Contents/MacOS/A B",
  );
  assert.equal(processes.get(502)?.zombie, true);
  assert.equal(processes.get(502)?.executable, undefined);
  assert.equal(processes.get(503)?.owner, "LAB\\ada");
});

test("parsePsOutput reads every month", () => {
  const names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  names.forEach((month, i) => {
    const output = `9 1 0 S Wed ${month} 30 01:02:03 2025 ada x`;
    assert.equal(
      parsePsOutput(output).get(9)?.startedAt,
      Date.UTC(2025, i, 30, 1, 2, 3),
    );
  });
});

// What other languages make of the start, recorded: the first seven on macOS
// 15.5 in https://github.com/autonomous-ai/autonomous-harness/pull/54, the
// next three on macOS 26 in https://github.com/pranshuparmar/witr/pull/218,
// then one in https://github.com/pranshuparmar/witr/pull/51; the rest is
// constructed.
const OTHER_STARTS = [
  "K szept. 15 23:54:57 2026",
  "Tue 15 Sep 23:54:57 2026",
  "Di. 15 Sep. 23:54:57 2026",
  "mar. 15 sept. 23:54:57 2026",
  "火  9/15 23:54:57 2026",
  "вторник, 15 сентября 2026 г. 23:54:57",
  "2026년  7월 29일 수요일 15시 37분 10초",
  "Mi. 29 Juli 15:37:10 2026",
  "mer. 29 juil. 15:37:10 2026",
  "월 12/29 11:42:40 2025",
  "Wed Jul 29 15:37 2026",
  "Wed Foo 29 15:37:10 2026",
  "Wed Jul 29 15:37:10 2026EST",
  "-",
];

for (const start of OTHER_STARTS) {
  test(`parsePsOutput leaves the start "${start}" out, not the process`, () => {
    const output = `  501     1   502 Ss   ${start}  ada  /bin/x\n`;
    const facts = parsePsOutput(output).get(501);
    assert.deepEqual(facts, { pid: 501, ppid: 1, uid: 502, zombie: false });
  });
}

// Constructed after ps(1) of procps: a name that does not fit its column is
// cut with a +, or the number stands in its place.
for (const name of ["systemd+", "65534"]) {
  test(`parsePsOutput takes "${name}" for no name`, () => {
    const line = `9 1 0 S Wed Jul 29 15:37:10 2026 ${name} x`;
    assert.equal(parsePsOutput(line).get(9)?.owner, undefined);
    assert.notEqual(parsePsOutput(line).get(9)?.startedAt, undefined);
  });
}

const OTHER_OUTPUTS: [source: string, output: string][] = [
  [
    "BusyBox 1.37, https://github.com/socketry/process-metrics/issues/5",
    "ps: bad -o argument 'pcpu', supported arguments: user,group,comm,args,pid,ppid,pgid,etime,nice,rgroup,ruser,time,tty,vsz,sid,stat,rss\n",
  ],
  [
    "BusyBox 1.31, https://github.com/jimsalterjrs/sanoid/pull/494",
    "PID   USER     TIME  COMMAND\n    1 root      0:00 /sbin/init\n    2 root      0:00 [kthreadd]\n    3 root      0:00 [rcu_gp]\n",
  ],
  [
    "a header, constructed",
    "  PID  PPID   UID STAT                  STARTED USER     COMMAND\n",
  ],
  ["three columns, constructed", "9 1 0 S\n"],
  ["a negative pid, constructed", "-9 1 0 S Sun Nov 22 20:06:00 2026\n"],
  ["a state that is none, constructed", "9 1 0 7 Sun Nov 22 20:06:00 2026\n"],
  ["nothing", ""],
];

for (const [source, output] of OTHER_OUTPUTS) {
  test(`parsePsOutput passes over the lines of ${source}`, () => {
    const good = "7 1 0 S Sun Nov 22 20:06:00 2026 ada x";
    assert.deepEqual(
      [...parsePsOutput(`${output}\n${good}\n${output}`).keys()],
      [7],
    );
  });
}

test("parsePsOutput reads a line of a megabyte at once", () => {
  const started = performance.now();
  const name = "a ".repeat(500_000);
  for (const start of ["Sun Nov 22 20:06:00 2026", "Sun Nov 22"]) {
    const line = `7 1 0 S ${start} ${name}x`;
    assert.equal(parsePsOutput(line).get(7)?.ppid, 1);
  }
  parsePsOutput(`7 1 0 ${" ".repeat(1_000_000)}`);
  assert.ok(performance.now() - started < 2_000);
});

test("parsePsOutput reads the ps of this machine", {
  skip: process.platform === "win32" ? "there is no ps" : false,
}, (t) => {
  for (const args of psCalls([1, process.pid])) {
    let output: string;
    try {
      output = execFileSync("ps", args, {
        encoding: "utf8",
        env: { PATH: process.env["PATH"] ?? "", ...PS_ENVIRONMENT },
      });
    } catch (error) {
      // BusyBox, for one, knows neither -p nor lstart.
      console.error(`ps is of no use here: ${error}`);
      return t.skip();
    }
    const facts = parsePsOutput(output).get(process.pid);
    assert.equal(facts?.ppid, process.ppid);
    assert.equal(facts?.uid, process.getuid?.());
    assert.equal(facts?.zombie, false);
    const ageMs = Date.now() - (facts?.startedAt ?? NaN);
    assert.ok(ageMs > -5_000 && ageMs < 3_600_000, `${ageMs} ms old`);
  }
});
