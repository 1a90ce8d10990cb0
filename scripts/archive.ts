/**
 * Archives that are the same bytes whenever and wherever they are made of the
 * same files: no times, no owners, no order of their own.
 *
 * @module
 */

import { type Zippable, zipSync } from "fflate";
import { createTar } from "nanotar";
import { gzipSync } from "node:zlib";

/** One file of an archive. */
export interface ArchiveFile {
  /** With `/`, from the archive's root. */
  path: string;
  content: Uint8Array;
  /** Whether it is a program. */
  executable?: boolean;
}

/** The year in which all files of all archives are said to be made. */
const YEAR = 2026;
/** What a tar holds is filled up to this. */
const TAR_RECORD_BYTES = 10_240;
/** Two empty blocks end a tar; one alone makes GNU tar warn. */
const TAR_END_BYTES = 1024;
/** "Unix", in a zip: then the permission bits are read. */
const ZIP_UNIX = 3;
const REGULAR_FILE = 0o100_000;

function getMode({ executable }: ArchiveFile): number {
  return executable ? 0o755 : 0o644;
}

function sort(files: readonly ArchiveFile[]): ArchiveFile[] {
  return files.toSorted((a, b) => a.path < b.path ? -1 : 1);
}

/** Makes a `.tar.gz`. */
export function makeTarGz(files: readonly ArchiveFile[]): Uint8Array {
  const mtime = Date.UTC(YEAR, 0, 1);
  const tar = createTar(
    sort(files).map((file) => ({
      name: file.path,
      data: file.content,
      attrs: { mode: getMode(file).toString(8), mtime },
    })),
    { attrs: { uid: 0, gid: 0, user: "root", group: "root" } },
  );
  // nanotar leaves room for them only where it happens to be left over.
  const bytes = tar.length + TAR_END_BYTES;
  const full = new Uint8Array(
    Math.ceil(bytes / TAR_RECORD_BYTES) * TAR_RECORD_BYTES,
  );
  full.set(tar);
  const gzip = gzipSync(full, { level: 9 });
  // Who made it: the runtimes disagree. 255 is "unknown".
  gzip[9] = 255;
  return new Uint8Array(gzip);
}

/** Makes a `.zip`. */
export function makeZip(files: readonly ArchiveFile[]): Uint8Array {
  // A zip has local times: those of this clock, whatever its zone.
  const mtime = new Date(YEAR, 0, 1);
  const entries: Zippable = {};
  for (const file of sort(files)) {
    const attrs = ((REGULAR_FILE | getMode(file)) << 16) >>> 0;
    entries[file.path] = [file.content, { mtime, os: ZIP_UNIX, attrs }];
  }
  return zipSync(entries, { level: 9 });
}
