import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { capture } from "./support/capture.ts";
import { listCommands, listDocBlocks } from "./support/doc_blocks.ts";
import { MEMORY_SCENES } from "./support/doc_memory_scenes.ts";
import { maskScene } from "./support/doc_mask.ts";
import { isTold } from "./support/doc_scene.ts";
import { SCENES } from "./support/doc_scenes.ts";
import { splitWords } from "./support/readme.ts";
import { withDocWorld } from "./support/doc_world.ts";

const BLOCKS = listDocBlocks();
const skip = process.platform === "linux" ? false : "the pages show Linux";

for (const scene of SCENES) {
  const blocks = BLOCKS.filter((block) => isTold(scene, block));
  test(
    `docs tell what happens: ${scene.starts[0]?.trim()}`,
    { skip },
    () =>
      withDocWorld(async (world) => {
        assert.equal(blocks.length, scene.starts.length);
        const prepare = await scene.prepare(world);
        for (const block of blocks) {
          let told = "";
          for (const line of listCommands(block)) {
            await prepare?.(line);
            const ran = await world.shell(line, { merge: true });
            told += `$ ${line}\n${ran.stdout}`;
            if (ran.status !== 0) told += `(exit status ${ran.status})\n`;
            told += "\n";
          }
          if (process.env["ZAG_PS_TELL"]) console.log(told);
          assert.equal(
            maskScene(told, world.home),
            maskScene(block.text),
            `${block.page}:${block.line}`,
          );
        }
      }),
  );
}

for (const scene of MEMORY_SCENES) {
  test(`docs tell what happens: ${scene.starts[0]?.trim()}`, async () => {
    for (const block of BLOCKS.filter((block) => isTold(scene, block))) {
      let told = "";
      for (const line of listCommands(block)) {
        const args = splitWords(line).slice(1);
        const { status, stdout, stderr } = await capture(args, scene.make());
        told += `$ ${line}\n${stdout}${stderr}`;
        if (status !== 0) told += `(exit status ${status})\n`;
      }
      if (process.env["ZAG_PS_TELL"]) console.log(told);
      assert.equal(maskScene(told), maskScene(block.text));
    }
  });
}
