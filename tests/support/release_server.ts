/**
 * A file server in place of the releases, with made-up archives.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is served, and what was asked for. */
export interface ReleaseServer {
  /** Its address, as `ZAG_PS_BASE_URL` names it. */
  readonly base: string;
  /** The files by path, such as `latest/download/SHA256SUMS`. */
  readonly files: Map<string, Uint8Array>;
  /** The paths that were asked for, in order. */
  readonly requests: string[];
  /** A path of which half is sent before the connection is closed. */
  truncated: string | undefined;
}

/** Serves releases while a test uses them. */
export async function withReleases(
  use: (server: ReleaseServer) => Promise<void>,
): Promise<void> {
  const files = new Map<string, Uint8Array>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace(/^\//, "");
    requests.push(path);
    const bytes = files.get(path);
    if (bytes === undefined) {
      response.writeHead(404).end("no such file\n");
      return;
    }
    const headers = { "content-length": bytes.length, connection: "close" };
    response.writeHead(200, headers);
    if (path !== releases.truncated) {
      response.end(bytes);
      return;
    }
    response.write(bytes.subarray(0, bytes.length / 2), () => {
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;
  const releases: ReleaseServer = {
    base,
    files,
    requests,
    truncated: undefined,
  };
  try {
    await use(releases);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Puts a release there: the text of its program, for each triple. */
export function addRelease(
  { files }: ReleaseServer,
  place: string,
  programs: Record<string, string>,
): void {
  let sums = "";
  for (const [triple, program] of Object.entries(programs)) {
    const name = `zag-ps-${triple}.tar.gz`;
    const archive = makeArchive({ "zag-ps": program });
    files.set(`${place}/${name}`, archive);
    sums += `${hash(archive)}  ${name}\n`;
  }
  files.set(`${place}/SHA256SUMS`, Buffer.from(sums));
}

/** A `.tar.gz` of programs. */
export function makeArchive(programs: Record<string, string>): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-archive-"));
  try {
    for (const [name, text] of Object.entries(programs)) {
      writeFileSync(join(folder, name), text);
      chmodSync(join(folder, name), 0o755);
    }
    const names = Object.keys(programs);
    const archive = join(folder, "archive.tar.gz");
    execFileSync("tar", ["-czf", archive, ...names], { cwd: folder });
    return readFileSync(archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** SHA-256 in hexadecimal digits. */
export function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
