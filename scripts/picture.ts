/**
 * Draws docs/picture.svg: what zag-ps prints on a terminal, on the agents of
 * the demo. It runs on Linux and needs `script` of util-linux.
 *
 *     deno task picture [--text]
 *
 * With `--text` the picture is left as it is, and its text is printed.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { quoteForShell } from "../src/cli/shell.ts";
import { Children } from "./demo/children.ts";
import { RIGHT_RESULT, setScene, WRONG_RESULT } from "./demo/scene.ts";
import { ZagHome } from "./demo/zag_home.ts";
import { drawTerminal, readTerminal } from "./picture/draw_terminal.ts";

const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));
const COLUMNS = 120;
const TITLE =
  "zag-ps lists three agents, refuses to end one with a result that breaks its schema, and ends it with one that fits";

/** Runs zag-ps on a terminal; what it shows. */
async function runOnTerminal(home: string, args: string[]): Promise<string> {
  const command = [process.execPath, "run", "--cached-only", "-A", "cli.ts"];
  const line = [...command, ...args].map(quoteForShell).join(" ");
  const child = spawn(
    "script",
    ["-qec", `stty cols ${COLUMNS} -onlcr; exec ${line}`, "/dev/null"],
    {
      cwd: PROJECT,
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        DENO_DIR: process.env["DENO_DIR"],
        DENO_NO_UPDATE_CHECK: "1",
        SHELL: "/bin/sh",
        TERM: "xterm-256color",
        ZAG_HOME: home,
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => text += chunk);
  await new Promise((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return text;
}

async function play(): Promise<string[]> {
  const children = new Children(PROJECT);
  const home = new ZagHome();
  try {
    await children.runDeno(["cache", "--quiet", "cli.ts"], {}, "hide");
    const { id } = await setScene(children, home);
    const shown: string[] = [];
    for (
      const args of [
        ["list"],
        ["kill", id.slice(0, 8), WRONG_RESULT],
        ["kill", id.slice(0, 8), RIGHT_RESULT],
        ["list"],
      ]
    ) {
      const words = args.map((word) =>
        /^[\w-]+$/.test(word) ? word : `'${word}'`
      );
      const output = await runOnTerminal(home.path, args);
      shown.push(
        `\x1b[1m$ zag-ps ${words.join(" ")}\x1b[22m`,
        ...output.replaceAll("\r", "").trimEnd().split("\n"),
        "",
      );
    }
    return shown.slice(0, -1);
  } finally {
    await children.close();
    home.remove();
  }
}

const svg = drawTerminal(await play(), COLUMNS, TITLE);
if (process.argv.includes("--text")) {
  console.log(readTerminal(svg).join("\n"));
} else {
  writeFileSync(join(PROJECT, "docs", "picture.svg"), svg);
  console.log("Drew docs/picture.svg");
}
