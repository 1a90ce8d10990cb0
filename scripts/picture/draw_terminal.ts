/**
 * Draws what a terminal shows as an SVG that is readable on light and on dark
 * pages.
 *
 * @module
 */

const WIDTH = 8;
const HEIGHT = 20;
const MARGIN = 16;

/** Colours of a terminal, by their numbers, on a light and on a dark page. */
const COLORS: Readonly<Record<string, readonly [light: string, dark: string]>> =
  {
    "31": ["#b3261e", "#ff7b72"],
    "32": ["#116329", "#56d364"],
    "33": ["#7a4d00", "#e3b341"],
    "34": ["#0550ae", "#79c0ff"],
    "35": ["#6639ba", "#d2a8ff"],
    "36": ["#0a5c66", "#76e3ea"],
    "90": ["#57606a", "#8b949e"],
  };

/** The look of a text. */
type Look = readonly string[];

/**
 * Draws the lines.
 *
 * @param lines With the escapes that set colours, and no others.
 * @param columns Longer lines go on in the next one, as in a terminal.
 * @param title What the picture shows, for those who do not see it.
 */
export function drawTerminal(
  lines: readonly string[],
  columns: number,
  title: string,
): string {
  const rows = lines.flatMap((line) => breakLine(readLine(line), columns));
  const width = columns * WIDTH + 2 * MARGIN;
  const height = rows.length * HEIGHT + 2 * MARGIN;
  const texts = rows.map((spans, i) => {
    const y = MARGIN + i * HEIGHT + 14;
    const parts = spans.map(({ text, look }) =>
      look.length === 0
        ? escapeXml(text)
        : `<tspan class="${look.map((code) => `c${code}`).join(" ")}">${
          escapeXml(text)
        }</tspan>`
    );
    return `<text x="${MARGIN}" y="${y}">${parts.join("")}</text>\n`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escapeXml(title)}</title>
<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre; fill: #1f2328; }
rect { fill: #f6f8fa; stroke: #d0d7de; }
.c1 { font-weight: bold; }
.c2 { opacity: 0.7; }
${renderColors(0)}@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
rect { fill: #161b22; stroke: #30363d; }
${renderColors(1)}}
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>
${texts.join("")}</svg>
`;
}

/**
 * The text of a picture, a line for each that is drawn.
 *
 * @param svg What {@linkcode drawTerminal} has drawn.
 */
export function readTerminal(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, row = ""]) =>
    row.replace(/<[^>]*>/g, "")
      .replaceAll("&lt;", "<").replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"').replaceAll("&amp;", "&")
  );
}

interface Span {
  readonly text: string;
  readonly look: Look;
}

/** Splits a line where its look changes. */
function readLine(line: string): Span[] {
  let look: string[] = [];
  const spans: Span[] = [];
  // deno-lint-ignore no-control-regex
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    // deno-lint-ignore no-control-regex
    const codes = /^\x1b\[([\d;]*)m$/.exec(part)?.[1];
    if (codes === undefined) {
      if (part !== "") spans.push({ text: part, look });
      continue;
    }
    for (const code of codes.split(";")) {
      if (code === "1" || code === "2" || COLORS[code]) look = [...look, code];
      else if (code === "22") {
        look = look.filter((other) => other !== "1" && other !== "2");
      } else if (code === "39") look = look.filter((other) => !COLORS[other]);
      else look = [];
    }
  }
  return spans;
}

/** Goes on in the next row where a row is full. */
function breakLine(spans: readonly Span[], columns: number): Span[][] {
  const rows: Span[][] = [[]];
  let left = columns;
  for (const { text, look } of spans) {
    let rest = [...text];
    while (rest.length > 0) {
      if (left === 0) {
        rows.push([]);
        left = columns;
      }
      const part = rest.slice(0, left);
      rest = rest.slice(left);
      left -= part.length;
      rows.at(-1)?.push({ text: part.join(""), look });
    }
  }
  return rows;
}

function renderColors(page: 0 | 1): string {
  return Object.entries(COLORS).map(([code, colors]) =>
    `.c${code} { fill: ${colors[page]}; }\n`
  ).join("");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
