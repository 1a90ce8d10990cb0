type Paint = (text: string) => string;

/** Colours for a terminal, or none. */
export interface Style {
  readonly good: Paint;
  readonly bad: Paint;
  readonly doing: Paint;
  readonly faint: Paint;
}

const plain: Paint = (text) => text;

/** Text as it is. */
export const PLAIN: Style = {
  good: plain,
  bad: plain,
  doing: plain,
  faint: plain,
};

/**
 * Green, red, yellow and faint (ECMA-48, SGR). By hand: the functions of the
 * standard library stay colourless under Deno while NO_COLOR is set, whatever
 * our option says.
 */
const COLORED: Style = {
  good: (text) => `\x1b[32m${text}\x1b[39m`,
  bad: (text) => `\x1b[31m${text}\x1b[39m`,
  doing: (text) => `\x1b[33m${text}\x1b[39m`,
  faint: (text) => `\x1b[2m${text}\x1b[22m`,
};

/**
 * The colours to use.
 *
 * @param when the option: `auto` asks whether the text goes to a terminal and
 * honours NO_COLOR (https://no-color.org: set and not empty) and TERM=dumb
 */
export function chooseStyle(
  when: "auto" | "always" | "never",
  isTerminal: () => boolean,
  env: (name: string) => string | undefined,
): Style {
  if (when === "always") return COLORED;
  const auto = () => isTerminal() && !env("NO_COLOR") && env("TERM") !== "dumb";
  return when === "auto" && auto() ? COLORED : PLAIN;
}
