import type { Shell } from "../verbs/completion.ts";
import { renderBash } from "./bash.ts";
import { renderFish } from "./fish.ts";
import { renderPowerShell } from "./powershell.ts";
import { renderZsh } from "./zsh.ts";

const SCRIPTS: Readonly<Record<Shell, () => string>> = {
  bash: renderBash,
  zsh: renderZsh,
  fish: renderFish,
  powershell: renderPowerShell,
};

/** The script that completes zag-ps in a shell. */
export function renderScript(shell: Shell): string {
  return SCRIPTS[shell]();
}
