import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cimArguments,
  parseCimOutput,
} from "../../src/system/windows_processes.ts";

test("cimArguments asks for the named processes", () => {
  const args = cimArguments([4, 42]);
  assert.deepEqual(args.slice(0, 3), [
    "-NoProfile",
    "-NonInteractive",
    "-Command",
  ]);
  const [, , , script = ""] = args;
  assert.equal(args.length, 4);
  const columns = "ProcessId, ParentProcessId, Name, ExecutablePath, " +
    "CommandLine, WorkingSetSize, KernelModeTime, UserModeTime, @{n='Started'";
  assert.ok(script.includes(columns), script);
  assert.match(
    script,
    /Get-CimInstance Win32_Process -Filter 'ProcessId=4 OR ProcessId=42' \|/,
  );
  // Double quotes would have to survive the way through two parsers.
  assert.ok(!script.includes('"'), script);
});

test("cimArguments asks for all where many are named", () => {
  const pids = Array.from({ length: 51 }, (_, i) => i + 2);
  assert.match(cimArguments(pids)[3] ?? "", /Get-CimInstance Win32_Process \|/);
});

/**
 * Constructed after the class Win32_Process in Microsoft's reference
 * (CreationDate is null for pid 0, ExecutablePath for protected processes).
 * The form of the dates is that of `ToString('o')`, recorded with Windows
 * PowerShell 5.1 in
 * https://github.com/invictus-ir/Microsoft-Extractor-Suite/issues/76.
 */
const OUTPUT = JSON.stringify([
  { ProcessId: 0, ParentProcessId: 0, ExecutablePath: null, Started: null },
  {
    ProcessId: 4321,
    ParentProcessId: 1200,
    Name: "node.exe",
    ExecutablePath: "C:\\Program Files\\nodejs\\node.exe",
    CommandLine:
      '"C:\\Program Files\\nodejs\\node.exe"  cli.js -p "a \\"b\\" c"',
    WorkingSetSize: 52_428_800,
    KernelModeTime: 3_125_000,
    UserModeTime: 12_500_000,
    Started: "2024-07-14T02:13:19.7728125Z",
  },
  {
    ProcessId: 888,
    ParentProcessId: 4,
    Name: "svchost.exe",
    ExecutablePath: null,
    CommandLine: null,
    WorkingSetSize: 8192,
    KernelModeTime: 0,
    UserModeTime: 0,
    Started: "2024-07-14T03:13:19.7728120+01:00",
  },
]);

const STARTED = Date.UTC(2024, 6, 14, 2, 13, 19) + 772.8125;

test("parseCimOutput reads the rows", () => {
  assert.deepEqual([...parseCimOutput(OUTPUT)], [
    [0, {
      pid: 0,
      ppid: 0,
      zombie: false,
      name: undefined,
      executable: undefined,
      args: undefined,
      cpuMs: undefined,
      memoryBytes: undefined,
      startedAt: undefined,
      startTicks: undefined,
    }],
    [4321, {
      pid: 4321,
      ppid: 1200,
      zombie: false,
      name: "node.exe",
      executable: "C:\\Program Files\\nodejs\\node.exe",
      args: [
        "C:\\Program Files\\nodejs\\node.exe",
        ...["cli.js", "-p", 'a "b" c'],
      ],
      cpuMs: 1562.5,
      memoryBytes: 52_428_800,
      startedAt: STARTED,
      startTicks: "cim:2024-07-14T02:13:19.7728125Z",
    }],
    [888, {
      pid: 888,
      ppid: 4,
      zombie: false,
      name: "svchost.exe",
      executable: undefined,
      args: undefined,
      cpuMs: 0,
      memoryBytes: 8192,
      startedAt: Date.UTC(2024, 6, 14, 2, 13, 19) + 772.812,
      startTicks: "cim:2024-07-14T03:13:19.7728120+01:00",
    }],
  ]);
});

test("parseCimOutput reads one object, a BOM and line breaks", () => {
  // Constructed: ConvertTo-Json writes no array for a single process.
  const output = `\ufeff${
    JSON.stringify({ ProcessId: 7, ParentProcessId: 1, Started: null })
  }\r\n`;
  assert.deepEqual([...parseCimOutput(output).keys()], [7]);
});

// The first is what Windows PowerShell 5.1 makes of a date that is not
// formatted, recorded in the issue named above; the second that of PowerShell
// 7, recorded in https://github.com/PowerShell/PowerShell/pull/11126; the
// others are constructed.
const OTHER_STARTS: unknown[] = [
  {
    value: "/Date(1720919582928)/",
    DisplayHint: 2,
    DateTime: "Sunday 14 July 2024 02:13:02",
  },
  "/Date(1574202819000)/",
  "14.07.2024 02:13:19",
  "20240714021319.772812+060",
  "2024-07-14",
  "",
  1720919582928,
];

for (const Started of OTHER_STARTS) {
  const text = JSON.stringify(Started);
  test(`parseCimOutput leaves the start ${text} out, not the process`, () => {
    const facts = parseCimOutput(JSON.stringify([{ ProcessId: 7, Started }]));
    assert.equal(facts.size, 1);
    assert.equal(facts.get(7)?.startedAt, undefined);
    assert.equal(facts.get(7)?.startTicks, undefined);
  });
}

const OTHER_OUTPUTS = [
  "",
  "null",
  "[]",
  "[[]]",
  '[null, 5, "x", true]',
  '[{"ProcessId":"7"}]',
  '[{"ProcessId":7.5}]',
  '[{"processid":7}]',
  "Get-CimInstance : Access denied",
  '[{"ProcessId":7,',
];

for (const output of OTHER_OUTPUTS) {
  test(`parseCimOutput finds nothing in ${JSON.stringify(output)}`, () => {
    assert.deepEqual([...parseCimOutput(output)], []);
  });
}

test("cimArguments asks for all where all are wanted", () => {
  const query = cimArguments("all").at(-1) ?? "";
  assert.match(query, /Get-CimInstance Win32_Process \| Select-Object/);
});
