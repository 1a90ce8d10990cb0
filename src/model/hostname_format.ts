/** Host names of RFC 1123, and those of IDNA 2008 as far as told here. */

/** The longest name that the domain name system takes. */
const MAX_NAME_LENGTH = 253;

export function isHostname(text: string): boolean {
  return text.length <= MAX_NAME_LENGTH &&
    text.split(".").every((label) =>
      label.length <= 63 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(label)
    );
}

/** Letters, marks, digits and the exceptions of RFC 5892 that are allowed. */
const ALLOWED =
  /^[\p{L}\p{M}\p{N}\-\u00b7\u0375\u05f3\u05f4\u06fd\u06fe\u0f0b\u200c\u200d\u3007\u30fb]+$/u;

/** What RFC 5892 disallows, alone or in the wrong company. */
const DISALLOWED = [
  /[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]/,
  /(?<!l)\u00b7|\u00b7(?!l)/,
  /\u0375(?!\p{Script=Greek})/u,
  /(?<!\p{Script=Hebrew})[\u05f3\u05f4]/u,
  /^[^\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]*\u30fb[^\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]*$/u,
];

/**
 * Follows IDNA 2008 but for its bidirectional and joiner rules, which it takes
 * from the URL standard.
 */
export function isIdnHostname(text: string): boolean {
  if (text.length > MAX_NAME_LENGTH) return false;
  const labels = text.split(/[.\u3002\uff0e\uff61]/);
  const name = labels.join(".");
  const isPlain = labels.every((label) =>
    ALLOWED.test(label) && !DISALLOWED.some((rule) => rule.test(label)) &&
    (!/^..--/u.test(label) || /^xn--/i.test(label))
  );
  const address = `http://${name}/`;
  return isPlain && URL.canParse(address) &&
    isHostname(new URL(address).hostname);
}
