import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import {
  drawTerminal,
  readTerminal,
} from "../../scripts/picture/draw_terminal.ts";
import { runProgram } from "../support/children.ts";
import { maskTranscript } from "../support/readme.ts";
import { skipWithout } from "../support/tools.ts";
import { cachedForms } from "../support/world.ts";

const deno = cachedForms().find(({ name }) => name === "deno");
const skip = deno === undefined
  ? "Deno is not there"
  : process.platform !== "linux"
  ? "the terminal is made on Linux"
  : skipWithout("script");

test("drawTerminal keeps every character of a line", () => {
  const line = `<a href="&amp;">' 日本 & \\ ${"x".repeat(20)}`;
  assert.deepEqual(readTerminal(drawTerminal([line, ""], 80, "t")), [line, ""]);
});

test("drawTerminal goes on in the next row as a terminal does", () => {
  const lines = ["\x1b[31mab\x1b[39mcdefg"];
  const svg = drawTerminal(lines, 3, "t");
  assert.deepEqual(readTerminal(svg), ["abc", "def", "g"]);
  assert.match(svg, /<tspan class="c31">ab<\/tspan>c<\/text>/);
});

test("drawTerminal marks bold, faint and colours, and ends them", () => {
  const svg = drawTerminal(
    ["\x1b[1;32ma\x1b[22mb\x1b[0mc", "\x1b[2md\x1b[22me"],
    80,
    'a "title" & more',
  );
  assert.match(
    svg,
    /<tspan class="c1 c32">a<\/tspan><tspan class="c32">b<\/tspan>c</,
  );
  assert.match(svg, /<tspan class="c2">d<\/tspan>e</);
  assert.match(svg, /<title>a &quot;title&quot; &amp; more<\/title>/);
  assert.match(svg, /prefers-color-scheme: dark/);
});

test("docs/picture.svg shows what zag-ps prints", { skip }, async () => {
  assert.ok(deno);
  const [program = ""] = deno.command;
  const { PATH = "", HOME = "" } = process.env;
  const { status, stdout, stderr } = await runProgram(
    program,
    ["run", "--cached-only", "-A", resolve("scripts", "picture.ts"), "--text"],
    { env: { PATH, HOME, NO_COLOR: "", ...deno.env } },
  );
  assert.equal(status, 0, stderr);
  const drawn = readTerminal(readFileSync("docs/picture.svg", "utf8"));
  assert.ok(drawn.length > 20);
  assert.equal(
    maskTranscript(drawn.join("\n")),
    maskTranscript(stdout),
    "Run deno task picture",
  );
});
