import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import {
  findReleaseDate,
  renderShellFiles,
  writeShellFiles,
} from "../../scripts/shell_files.ts";

test("findReleaseDate reads the date of the version", () => {
  const changelog = "# Changelog\n\n## [Unreleased]\n\n" +
    "## [1.1.0] - 2026-12-24\n\n## [1.0.0] - 2026-11-23\n";
  assert.equal(findReleaseDate(changelog, "1.0.0"), "2026-11-23");
  assert.equal(findReleaseDate(changelog, "1.1.0"), "2026-12-24");
  assert.equal(findReleaseDate(changelog, "1.1"), undefined);
  assert.equal(findReleaseDate(changelog, "Unreleased"), undefined);
});

test("writeShellFiles writes a man page and four completions", () => {
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-files-"));
  try {
    const paths = writeShellFiles(process.cwd(), folder);
    assert.deepEqual(paths.toSorted(), [
      "completions/_zag-ps",
      "completions/zag-ps.bash",
      "completions/zag-ps.fish",
      "completions/zag-ps.ps1",
      "zag-ps.1",
    ]);
    for (const [path, text] of renderShellFiles(process.cwd())) {
      assert.equal(readFileSync(join(folder, path), "utf8"), text);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
