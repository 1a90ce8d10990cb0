import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isAbsolutePath,
  isFolderOrBelow,
} from "../../src/model/folder_paths.ts";

const LINKS: Record<string, string> = {
  "/home/ada/shop": "/data/shop",
  "/home/ada/shop/web": "/data/shop/web",
  "/data/shop": "/data/shop",
  "/link": "/data",
};

const ROWS: [path: string, folder: string, below: boolean | undefined][] = [
  ["/srv/shop", "/srv/shop", true],
  ["/srv/shop/", "/srv/shop", true],
  ["/srv/shop", "/srv/shop/", true],
  ["/srv/shop/web", "/srv/shop", true],
  ["/srv//shop/./web", "/srv/shop", true],
  ["/srv/x/../shop", "/srv/shop", true],
  ["/srv/shop/../other", "/srv/shop", false],
  ["/srv/shop", "/srv/shop/web", false],
  ["/srv/shop2", "/srv/shop", false],
  ["/srv/Shop", "/srv/shop", false],
  ["/srv", "/", true],
  ["/", "/", true],
  ["/", "/srv", false],
  ["srv/shop", "/srv", undefined],
  ["", "/", undefined],
  [".", "/srv", undefined],
  ["/srv\\shop", "/srv", false],
  ["C:\\shop\\web", "C:\\shop", true],
  ["C:\\shop\\web", "C:/shop/", true],
  ["C:\\shop2", "C:\\shop", false],
  ["/home/ada/shop/web", "/data/shop", true],
  ["/home/ada/shop", "/home/ada", true],
  ["/data/shop", "/link", true],
  ["/home/ada/shop/gone", "/data/shop", false],
];

for (const [path, folder, below] of ROWS) {
  test(`isFolderOrBelow says ${below} of "${path}" and "${folder}"`, () => {
    assert.equal(isFolderOrBelow(path, folder, (at) => LINKS[at]), below);
  });
}

for (const path of ["/", "/a", "\\\\host\\share", "C:\\a", "c:/a"]) {
  test(`isAbsolutePath takes ${path}`, () => {
    assert.equal(isAbsolutePath(path), true);
  });
}

for (const path of ["", ".", "a/b", "~/a", "C:a", "../a"]) {
  test(`isAbsolutePath refuses "${path}"`, () => {
    assert.equal(isAbsolutePath(path), false);
  });
}
