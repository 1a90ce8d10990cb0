import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { REPOSITORY } from "../../scripts/release/published.ts";

// PowerShell is not here: what it would do is not tested, what it reads is.
const POWERSHELL = readFileSync("install.ps1", "utf8");
const SHELL = readFileSync("install.sh", "utf8");

test("install.ps1 and install.sh ask the same place for the same names", () => {
  for (const script of [POWERSHELL, SHELL]) {
    assert.ok(script.includes(`${REPOSITORY}/releases`));
    for (
      const part of [
        "latest/download",
        "download/v",
        "SHA256SUMS",
        "ZAG_PS_BASE_URL",
      ]
    ) assert.ok(script.includes(part), part);
  }
  assert.match(POWERSHELL, /'AMD64' \{ \$triple = 'x86_64-pc-windows-msvc' \}/);
  assert.match(
    POWERSHELL,
    /'ARM64' \{ \$triple = 'aarch64-pc-windows-msvc' \}/,
  );
  assert.match(POWERSHELL, /"zag-ps-\$triple\.zip"/);
});

test("install.ps1 compares the sum and starts the program before it is moved", () => {
  const order = [
    "Invoke-WebRequest",
    "Get-FileHash",
    "if ($actual -ne $expected)",
    "Expand-Archive",
    "& $program --version",
    "Move-Item -LiteralPath $program -Destination $target",
  ].map((part) => POWERSHELL.indexOf(part));
  assert.ok(!order.includes(-1), String(order));
  assert.deepEqual(order, order.toSorted((a, b) => a - b));
});

test("install.ps1 helps with each of its parameters, and closes every bracket", () => {
  for (const name of ["Version", "Dir", "Uninstall", "Help"]) {
    assert.match(POWERSHELL, new RegExp(`^\\.PARAMETER ${name}$`, "m"));
    assert.match(POWERSHELL, new RegExp(`^ {2}-${name} `, "m"));
  }
  const texts =
    /<#[^]*?#>|@'\n[^]*?\n'@|'(?:[^']|'')*'|"(?:[^"`]|`[^])*"|^ *#.*$/gm;
  const open: string[] = [];
  for (
    const [mark] of POWERSHELL.replace(texts, "").matchAll(/[(){}[\]'"]/g)
  ) {
    if ("({[".includes(mark)) open.push(mark);
    else assert.match(`${open.pop()}${mark}`, /\(\)|\{\}|\[\]/);
  }
  assert.deepEqual(open, []);
});
