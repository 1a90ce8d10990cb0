import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import {
  GNU,
  LINUX,
  type RunOptions,
  say,
  SCRIPT,
  SHELLS,
  withMachine,
} from "../support/installer.ts";
import { addRelease } from "../support/release_server.ts";
import { findTool, skipWithout } from "../support/tools.ts";

for (const shell of Object.keys(SHELLS)) {
  test(`install.sh installs under ${shell}`, {
    skip: LINUX || skipWithout(shell, "curl"),
  }, () =>
    withMachine(async ({ home, server, run, list }) => {
      const { status, stdout, stderr } = await run([], { shell });
      assert.deepEqual([status, stderr], [0, ""]);
      const dir = join(home, ".local", "bin");
      assert.equal(
        stdout,
        `This downloads ${server.base}/latest/download/zag-ps-${GNU}.tar.gz,\n` +
          "compares it with SHA256SUMS beside it,\n" +
          `and puts zag-ps into ${dir}. Nothing else is changed.\n` +
          `Installed zag-ps 0.2.0: ${dir}/zag-ps\n` +
          `Add the folder to your PATH: export PATH="${dir}:$PATH"\n` +
          "Completions: zag-ps completion --help\n",
      );
      assert.deepEqual(list(), [".local", ".local/bin", ".local/bin/zag-ps"]);
      assert.equal(readFileSync(join(dir, "zag-ps"), "utf8"), say("0.2.0"));
      assert.equal(statSync(join(dir, "zag-ps")).mode & 0o777, 0o755);
    }));

  // docs/install.md has these command lines.
  test(
    `install.sh takes a version and a folder, and uninstalls, under ${shell}`,
    {
      skip: LINUX || skipWithout(shell, "curl"),
    },
    () =>
      withMachine(async ({ home, run, list }) => {
        const dir = join(home, "my bin");
        for (const version of ["v0.1.0", "0.1.0"]) {
          const ran = await run(["--version", version, "--dir", dir], {
            shell,
          });
          assert.equal(ran.status, 0, ran.stderr);
          assert.match(
            ran.stdout,
            /Installed zag-ps 0\.1\.0: .*\/my bin\/zag-ps\n/,
          );
          assert.equal(readFileSync(join(dir, "zag-ps"), "utf8"), say("0.1.0"));
        }
        const newer = await run([`--dir=${dir}/`], { shell });
        assert.equal(newer.status, 0, newer.stderr);
        assert.equal(readFileSync(join(dir, "zag-ps"), "utf8"), say("0.2.0"));
        const gone = await run(["--uninstall", "--dir", "my bin"], { shell });
        assert.equal(gone.status, 0, gone.stderr);
        assert.match(gone.stdout, /^This removes .*\/my bin\/zag-ps\. /);
        assert.deepEqual(list(), ["my bin"]);
        const again = await run(["--uninstall", "--dir", "my bin"], { shell });
        assert.deepEqual([again.status, again.stdout], [1, ""]);
        assert.match(
          again.stderr,
          /there is none in ".*\/my bin"\nName its folder/,
        );
      }),
  );
}

test("install.sh works with wget, and with shasum or openssl", {
  skip: LINUX || skipWithout("dash", "wget", "curl", "shasum", "openssl"),
}, () =>
  withMachine(async ({ run, home }) => {
    // shasum is a script of perl.
    for (
      const programs of [["wget", "sha256sum"], ["curl", "shasum", "perl"], [
        "wget",
        "openssl",
      ]]
    ) {
      const ran = await run(["--dir", home], { programs });
      assert.deepEqual([ran.status, ran.stderr], [0, ""], programs.join());
      assert.match(ran.stdout, /Installed zag-ps 0\.2\.0/);
    }
  }));

test("install.sh says nothing of a PATH that has the folder", {
  skip: LINUX || skipWithout("dash", "curl"),
}, () =>
  withMachine(async ({ run, home }) => {
    const { PATH = "" } = process.env;
    const ran = await run(["--dir", home], {
      env: { PATH: `${home}:${PATH}` },
    });
    assert.equal(ran.status, 0, ran.stderr);
    assert.doesNotMatch(ran.stdout, /PATH/);
  }));

test("install.sh takes a tilde that the shell has left", {
  skip: LINUX || skipWithout("dash", "curl"),
}, () =>
  withMachine(async ({ run, list }) => {
    const { status, stderr } = await run(["--dir=~/tools"]);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.deepEqual(list(), ["tools", "tools/zag-ps"]);
  }));

/** Machines, and the archives that are theirs. */
const MACHINES: readonly (readonly [RunOptions, string])[] = [
  [{ machine: "aarch64" }, "aarch64-unknown-linux-gnu"],
  [{ ldd: "musl libc (x86_64)" }, "x86_64-unknown-linux-musl"],
  [{ ldd: "musl libc", machine: "arm64" }, "aarch64-unknown-linux-musl"],
  [{ system: "Darwin" }, "x86_64-apple-darwin"],
  [{ system: "Darwin", machine: "arm64" }, "aarch64-apple-darwin"],
];

for (const [options, triple] of MACHINES) {
  test(`install.sh takes ${triple} where that is the machine`, {
    skip: LINUX || skipWithout("dash", "curl"),
  }, () =>
    withMachine(async ({ server, run }) => {
      addRelease(server, "latest/download", { [triple]: say("0.2.0") });
      const { status, stderr } = await run([], options);
      assert.deepEqual([status, stderr], [0, ""]);
      assert.deepEqual(server.requests, [
        "latest/download/SHA256SUMS",
        `latest/download/zag-ps-${triple}.tar.gz`,
      ]);
    }));
}

for (const more of [[], ["--uninstall"]]) {
  const name = ["install.sh", ...more].join(" ");
  test(`${name} leaves a link that another installer has made`, {
    skip: LINUX || skipWithout("dash", "curl"),
  }, () =>
    withMachine(async ({ home, run, list }) => {
      for (const target of ["/bin/sh", "nowhere"]) {
        symlinkSync(target, join(home, "zag-ps"));
        const ran = await run([...more, "--dir", home]);
        assert.equal(ran.status, 1);
        assert.match(
          ran.stderr,
          /is a link, .*\nUninstall it with what has made/,
        );
        assert.deepEqual(list(), ["zag-ps"]);
        rmSync(join(home, "zag-ps"));
      }
    }));
}

test("install.sh does nothing where it is cut off on its way", {
  skip: LINUX || skipWithout("dash"),
}, () => {
  const text = readFileSync(SCRIPT, "utf8");
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-cut-"));
  try {
    const lines = text.trimEnd().split("\n");
    assert.equal(lines.at(-1), 'main "$@"');
    const { stdout } = spawnSync("dash", ["-s", "--", "--dir", folder], {
      input: lines.slice(0, -1).join("\n"),
      encoding: "utf8",
    });
    assert.equal(stdout, "");
    assert.deepEqual(readdirSync(folder), []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("install.sh --help tells of every option, and does nothing", {
  skip: LINUX || skipWithout("dash"),
}, () =>
  withMachine(async ({ run, server, list }) => {
    const { status, stdout, stderr } = await run(["--help"]);
    assert.deepEqual([status, stderr], [0, ""]);
    for (const option of ["--version", "--dir", "--uninstall"]) {
      assert.match(stdout, new RegExp(`^ {2}${option} `, "m"));
    }
    assert.deepEqual([server.requests, list()], [[], []]);
  }));

test("install.sh is a script that shellcheck finds nothing in", {
  skip: skipWithout("shellcheck"),
}, () => {
  const { status, stdout } = spawnSync(
    findTool("shellcheck") ?? "",
    ["-s", "sh", SCRIPT],
    { encoding: "utf8" },
  );
  assert.deepEqual([status, stdout], [0, ""]);
});
