import { say, toSafeJson } from "../../model/escape.ts";
import { didYouMean, shorten, usage } from "../usage_error.ts";
import type { Verb } from "../verb.ts";

/** The shells that there are completions for. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

/** One of {@linkcode SHELLS}. */
export type Shell = typeof SHELLS[number];

/** A `completion` that was asked for. */
export interface CompletionCommand {
  readonly verb: "completion";
  /** A shell, or the list that its script asks for. */
  readonly what: string;
  /** What was typed so far of a word of the list. */
  readonly prefix: string;
}

/** The verb `completion`. */
export const COMPLETION: Verb<CompletionCommand> = {
  name: "completion",
  aliases: [],
  positionals: "SHELL",
  arity: [1, 2],
  offers: SHELLS,
  summary: "Print the completions for bash, zsh, fish or powershell",
  notes: [
    'bash, in ~/.bashrc: eval "$(zag-ps completion bash)"',
    'zsh, in ~/.zshrc behind compinit: eval "$(zag-ps completion zsh)"; or as a file _zag-ps in a folder of fpath',
    "fish: zag-ps completion fish > ~/.config/fish/completions/zag-ps.fish",
    "PowerShell, in $PROFILE: zag-ps completion powershell | Out-String | Invoke-Expression",
    "Verbs, options and words are in the script. For ids, names and what filters choose by, it asks zag-ps completion LIST PREFIX, which prints a value and what it is on each line. LIST is process, agent, running or a key of the filters; agent and running have agents that nobody recorded, too, once PREFIX begins as pid: does.",
    "Nothing is changed or signalled.",
  ],
  options: [],
  read({ given: [what = "", ...prefixes] }) {
    const [prefix = ""] = prefixes;
    if (isShell(what) && prefixes.length > 0) {
      throw usage(
        say`Unexpected argument "${shorten(prefix)}" for "completion ${what}"`,
        "See zag-ps completion --help",
      );
    }
    return { verb: "completion", what, prefix };
  },
  async perform({ what, prefix }, { context, screen, json }) {
    if (isShell(what)) {
      const { renderScript } = await import("../completion/render_script.ts");
      const script = renderScript(what);
      screen.out(json ? `${toSafeJson({ script, shell: what })}\n` : script);
      return;
    }
    const { CANDIDATE_LISTS, listCandidates } = await import(
      "../../commands/list_candidates.ts"
    );
    if (!CANDIDATE_LISTS.includes(what)) {
      const known = [...SHELLS, ...CANDIDATE_LISTS];
      throw usage(
        say`There is no completion "${shorten(what)}"`,
        didYouMean(what, known) ?? `Shells: ${SHELLS.join(", ")}`,
      );
    }
    const { renderCandidates, renderJsonCandidates } = await import(
      "../completion/render_candidates.ts"
    );
    const candidates = await listCandidates(context, what, prefix);
    screen.out(
      json ? renderJsonCandidates(candidates) : renderCandidates(candidates),
    );
  },
};

function isShell(word: string): word is Shell {
  return (SHELLS as readonly string[]).includes(word);
}
