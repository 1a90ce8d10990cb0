/**
 * URIs and IRIs as RFC 3986 and RFC 3987 write them.
 *
 * Each check looks for what must not be there, character by character, so the
 * time is linear in the text.
 *
 * @module
 */

/** Tells whether a text is an IPv6 address. */
export type AddressCheck = (text: string) => boolean;

/** The parts of RFC 3986, appendix B; it matches every text. */
const PARTS =
  /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/;

/** @param isIpv6 for a host in brackets */
export function isUri(text: string, isIpv6: AddressCheck): boolean {
  return /^[a-z]/i.test(text) && PARTS.exec(text)?.[1] !== undefined &&
    isUriReference(text, isIpv6);
}

/** @param isIpv6 for a host in brackets */
export function isUriReference(text: string, isIpv6: AddressCheck): boolean {
  const [, scheme, authority, path = "", query = "", fragment = ""] =
    PARTS.exec(text) ?? [];
  // Without a scheme a colon in the first segment would read as one.
  const segment = path.split("/", 1)[0] ?? "";
  const hasScheme = scheme !== undefined;
  if (hasScheme && !/^[a-z][a-z0-9+.-]*$/i.test(scheme)) return false;
  if (!hasScheme && text.startsWith(":")) return false;
  if (!hasScheme && authority === undefined && segment.includes(":")) {
    return false;
  }
  return (authority === undefined || isAuthority(authority, isIpv6)) &&
    isMadeOf(/[^\w\-.~!$&'()*+,;=:@/%]/, path) &&
    isMadeOf(/[^\w\-.~!$&'()*+,;=:@/?%]/, query + fragment);
}

/** Makes a URI of an IRI: each character beyond ASCII becomes a letter. */
export function toUri(iri: string): string {
  return iri.replace(/[\u00a0-\ufdcf\ufdf0-\uffef\u{10000}-\u{10fffd}]/gu, "a");
}

function isAuthority(authority: string, isIpv6: AddressCheck): boolean {
  const at = authority.lastIndexOf("@");
  const user = authority.slice(0, Math.max(at, 0));
  const [, literal, name = "", port = ""] =
    /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(authority.slice(at + 1)) ??
      ["", "not an address"];
  return isMadeOf(/[^\w\-.~!$&'()*+,;=:%]/, user) &&
    isMadeOf(/[^\w\-.~!$&'()*+,;=%]/, name) &&
    /^\d*$/.test(port) &&
    (literal === undefined || isIpv6(literal) ||
      /^v[0-9a-f]+\.[\w\-.~!$&'()*+,;=:]+$/i.test(literal));
}

/** @param others matches a character that may not be there */
function isMadeOf(others: RegExp, text: string): boolean {
  return !others.test(text) && !/%(?![0-9a-f]{2})/i.test(text);
}
