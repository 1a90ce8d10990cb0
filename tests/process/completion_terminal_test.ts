import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../support/children.ts";
import {
  ENDED,
  HOSTILE,
  LIVING,
  openShell,
  SECOND,
  skipShell,
  splitLine,
  type TerminalShell,
  withShellWorld,
} from "../support/shells.ts";

const SHELLS: readonly TerminalShell[] = ["bash", "zsh"];

/** What is typed before the tab, and the line after it. */
const WORDS: readonly (readonly [typed: string, line: string])[] = [
  ["zag-ps lis", "zag-ps list "],
  ["zag-ps insp", "zag-ps inspect "],
  ["zag-ps help ki", "zag-ps help kill "],
  ["X=1 zag-ps sto", "X=1 zag-ps stop "],
  ["true; zag-ps sto", "true; zag-ps stop "],
  ["~/bin/zag-ps sto", "~/bin/zag-ps stop "],
  ["zag-ps --runn", "zag-ps --running "],
  ["zag-ps ls --runn", "zag-ps ls --running "],
  ["zag-ps stop --tre", "zag-ps stop --tree "],
  ["zag-ps doctor --runn", "zag-ps doctor --runn"],
  ["zag-ps --color al", "zag-ps --color always "],
  ["zag-ps --color=al", "zag-ps --color=always "],
  ["zag-ps stop -s TE", "zag-ps stop -s TERM "],
  ["zag-ps completion po", "zag-ps completion powershell "],
  ["zag-ps list -f st", "zag-ps list -f status="],
  ["zag-ps list -f status=ru", "zag-ps list -f status=running "],
  ["zag-ps -f tag=ci --filter sta", "zag-ps -f tag=ci --filter status="],
  ["zag-ps list --filter=fin", "zag-ps list --filter=finished="],
  ["zag-ps list --filter=finished=t", "zag-ps list --filter=finished=true "],
  ["zag-ps list --untr", "zag-ps list --untracked "],
  ["zag-ps list --incl", "zag-ps list --include-untracked "],
  ["zag-ps list -f ci.ru", "zag-ps list -f ci.run"],
  ["zag-ps list -f ci.j", "zag-ps list -f ci.job="],
  ["zag-ps list -f orphan=t", "zag-ps list -f orphan=true "],
  ["zag-ps list -f ownership=left", "zag-ps list -f ownership=leftover "],
  ["zag-ps run --", "zag-ps run --"],
  ["zag-ps run -- rese", "zag-ps run -- reset "],
  ["zag-ps kill self -- --js", "zag-ps kill self -- --js"],
  ["zag-ps kill self --file arti", "zag-ps kill self --file article.txt "],
  ["zag-ps kill arti", "zag-ps kill arti"],
];

/** Likewise, with what the store has. */
const LIVE: readonly (readonly [typed: string, line: string])[] = [
  ["zag-ps kill aaaab", `zag-ps kill ${SECOND} `],
  ["zag-ps kill 'aaaab", `zag-ps kill '${SECOND}' `],
  ["zag-ps stop x aaaaa", `zag-ps stop x ${LIVING} `],
  ["zag-ps kill ccc", "zag-ps kill ccc"],
  ["zag-ps show ccc", `zag-ps show ${ENDED} `],
  ["zag-ps kill x aaaab", "zag-ps kill x aaaab"],
  ["zag-ps wait rev", "zag-ps wait review\\ it "],
  ["zag-ps list -p co", "zag-ps list -p codex "],
  ["zag-ps list --children aaaab", `zag-ps list --children ${SECOND} `],
  ["zag-ps list --children=aaaab", `zag-ps list --children=${SECOND} `],
  ["zag-ps list -f provider=co", "zag-ps list -f provider=codex "],
  ["zag-ps list -f tag=ni", "zag-ps list -f tag=ni:ght "],
  ["zag-ps list -f tag=ni:", "zag-ps list -f tag=ni:ght "],
  ["~/bin/zag-ps kill aaaab", `~/bin/zag-ps kill ${SECOND} `],
  [
    "zag-ps --zag-home ~/none kill aaaab",
    "zag-ps --zag-home ~/none kill aaaab",
  ],
  ["zag-ps kill --zag-home=none aaaab", "zag-ps kill --zag-home=none aaaab"],
  [
    "zag-ps --zag-home ~/.zag kill aaaab",
    `zag-ps --zag-home ~/.zag kill ${SECOND} `,
  ],
];

// docs/completions.md: both load the script as that page tells.
for (const shell of SHELLS) {
  const skip = skipShell(shell);

  for (const [what, rows] of [["words", WORDS], ["the store", LIVE]] as const) {
    test(
      `completion of ${shell} completes from ${what}`,
      { skip },
      () =>
        withShellWorld(async (world) => {
          writeFileSync(join(world.home, "article.txt"), "");
          const { type } = await openShell(world, shell);
          const got: [string, string][] = [];
          for (const [typed] of rows) {
            got.push([typed, await type(`${typed}\t`)]);
          }
          assert.deepEqual(got, rows);
        }),
    );
  }

  test(
    `completion of ${shell} lists who an id is, and no escapes`,
    { skip },
    () =>
      withShellWorld(async (world) => {
        const { type, screen } = await openShell(world, shell);
        await type("zag-ps kill \t\t");
        // What is on the screen may be read later than it was written.
        await waitUntil(
          () => screen().includes("session, "),
          "no list is shown",
        );
        const text = screen();
        assert.match(
          text,
          /aaaaaaaa-1\S+ +(?:-- |\()claude, running, 1m\d+s: Fix: the "cart" \\x/,
        );
        assert.match(
          text,
          /aaaabbbb-2\S+ +(?:-- |\()codex, running, 1h1m: \\x1b\[2J\\u\{202e\}p/,
        );
        assert.match(
          text,
          /review\\? it +(?:-- |\()session, claude, running, /,
        );
        assert.ok(text.indexOf(LIVING) < text.indexOf(SECOND));
        assert.doesNotMatch(text, /cccccccc|bad/);
      }),
  );

  test(
    `completion of ${shell} quotes what it inserts`,
    { skip },
    () =>
      withShellWorld(async (world) => {
        const { type } = await openShell(world, shell);
        for (
          const [start, id] of [
            ["\\$", HOSTILE.command],
            ["'$", HOSTILE.command],
            ["it", HOSTILE.quotes],
            ["x", HOSTILE.glob],
            ["'x", HOSTILE.glob],
          ]
        ) {
          const line = await type(`zag-ps show ${start}\t`);
          assert.deepEqual(splitLine(line), ["zag-ps", "show", id], line);
        }
      }),
  );

  test(
    `completion of ${shell} signals nobody and writes nothing`,
    { skip },
    () =>
      withShellWorld(async (world, agents) => {
        const path = join(world.zag, "processes.json");
        const before = readFileSync(path, "utf8");
        const { type } = await openShell(world, shell);
        for (const verb of ["kill", "stop", "reap", "prune", "wait"]) {
          assert.match(await type(`zag-ps ${verb} aaaab\t`), /222222222222 $/);
        }
        for (const agent of agents) assert.ok(agent.isAlive());
        assert.equal(readFileSync(path, "utf8"), before);
      }),
  );

  test(
    `completion of ${shell} is silent where the store is broken`,
    { skip },
    () =>
      withShellWorld(async (world) => {
        world.writeText("processes.json", "{");
        const { type, screen } = await openShell(world, shell);
        assert.equal(await type("zag-ps kill aa\t"), "zag-ps kill aa");
        await type("zag-ps doc\t");
        await waitUntil(() => screen().includes("doctor"), "nothing is shown");
        // What is on the screen may be read later than it was written.
        await type("zag-ps doc\t");
        await waitUntil(() => screen().includes("doctor"), "nothing is shown");
        assert.doesNotMatch(screen(), /Error|Cannot/);
      }),
  );
}
