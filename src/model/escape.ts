/**
 * Text from a file is data, not instructions to a terminal: control and
 * bidirectional characters are shown as escapes (contract, section 6).
 */

const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const UNSAFE_BUT_NEWLINE =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const UNSAFE_IN_JSON =
  /\\.|[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const NAMED: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function escapeCharacter(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.charCodeAt(0);
  const hex = code.toString(16).padStart(2, "0");
  return code < 0x100 ? `\\x${hex}` : `\\u{${hex}}`;
}

/** The text on one line: `\n`, `\x1b`, `\u{202e}` for what could act. */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

/** Like {@linkcode escapeControls}, but line breaks of a message stay. */
export function escapeMessage(text: string): string {
  return text.replace(UNSAFE_BUT_NEWLINE, escapeCharacter);
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\\b": "\\u0008",
  "\\t": "\\u0009",
  "\\n": "\\u000a",
  "\\f": "\\u000c",
  "\\r": "\\u000d",
};

/**
 * JSON on one line with every control and bidirectional character as
 * `\uXXXX`; it parses to the same value.
 */
export function toSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE_IN_JSON, (match) => {
    if (match.length === 2) return SHORT_ESCAPES[match] ?? match;
    return "\\u" + match.charCodeAt(0).toString(16).padStart(4, "0");
  });
}

/**
 * Tagged template for messages: the values that are filled in are escaped,
 * the text around them is ours.
 */
export function say(
  strings: TemplateStringsArray,
  ...values: readonly unknown[]
): string {
  return strings.reduce((message, part, i) =>
    message + escapeControls(String(values[i - 1])) + part
  );
}
