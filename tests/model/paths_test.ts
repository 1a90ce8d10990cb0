import assert from "node:assert/strict";
import { test } from "node:test";
import { ZagPsError } from "../../src/model/errors.ts";
import {
  baseSessions,
  folderOf,
  joinPath,
  locateLog,
  locatePaths,
  projectSessions,
  projectSlug,
} from "../../src/model/paths.ts";

function locate(option: string | undefined, env: Record<string, string> = {}) {
  return locatePaths(option, (name) => env[name], () => "/home/ada");
}

test("locatePaths puts everything below ~/.zag", () => {
  assert.deepEqual(locate(undefined), {
    home: "/home/ada/.zag",
    processes: "/home/ada/.zag/processes.json",
    index: "/home/ada/.zag/sessions_index.json",
    projects: "/home/ada/.zag/projects",
    userLogs: undefined,
  });
});

const HOMES: [
  name: string,
  option: string | undefined,
  env: Record<string, string>,
  home: string,
][] = [
  ["the option", "/opt/zag", {}, "/opt/zag"],
  ["ZAG_HOME", undefined, { ZAG_HOME: "/env/zag" }, "/env/zag"],
  ["the option before ZAG_HOME", "/opt", { ZAG_HOME: "/env" }, "/opt"],
  [
    "~/.zag if ZAG_HOME is empty",
    undefined,
    { ZAG_HOME: "" },
    "/home/ada/.zag",
  ],
  ["a folder without its last slashes", "/opt/zag//", {}, "/opt/zag"],
  ["the root folder", "/", {}, "/"],
  ["a relative folder", "zag", {}, "zag"],
];

for (const [name, option, env, home] of HOMES) {
  test(`locatePaths takes ${name}`, () => {
    assert.equal(locate(option, env).home, home);
  });
}

test("locatePaths asks for the user's home only when it needs it", () => {
  const refuse = () => assert.fail("The user's home was asked for");
  assert.equal(locatePaths("/opt", () => undefined, refuse).home, "/opt");
});

test("locatePaths refuses an empty folder", () => {
  assert.throws(
    () => locate(""),
    (error) => error instanceof ZagPsError && error.kind === "usage",
  );
});

test("locatePaths takes the logs' folder from ZAG_USER_LOG_DIR", () => {
  assert.equal(locate("/z", { ZAG_USER_LOG_DIR: "/logs" }).userLogs, "/logs");
  assert.equal(locate("/z", { ZAG_USER_LOG_DIR: "" }).userLogs, undefined);
});

const FOLDERS: [path: string, folder: string][] = [
  ["/a/b/c", "/a/b"],
  ["/a", "/"],
  ["a", "."],
  ["a/b", "a"],
  ["C:\\a\\b", "C:\\a"],
];

for (const [path, folder] of FOLDERS) {
  test(`folderOf "${path}" is "${folder}"`, () => {
    assert.equal(folderOf(path), folder);
  });
}

test("joinPath puts one slash between", () => {
  assert.equal(joinPath("/a", "b"), "/a/b");
  assert.equal(joinPath("/", "b"), "/b");
});

const SLUGS: [root: string, slug: string][] = [
  ["/home/ada/app", "home-ada-app"],
  ["//srv/app", "srv-app"],
  ["/home/ada/app/", "home-ada-app-"],
  ["app", "app"],
  ["./app", ".-app"],
  ["/a//b", "a--b"],
  ["/a/../b", "a-..-b"],
  ["/mit leer zeichen/ü", "mit leer zeichen-ü"],
  ["/", ""],
];

for (const [root, slug] of SLUGS) {
  test(`projectSlug of "${root}" is "${slug}"`, () => {
    assert.equal(projectSlug(root), slug);
  });
}

const PATHS = locate("/z");

test("projectSessions and baseSessions name the stores", () => {
  assert.equal(
    projectSessions(PATHS, "/srv/app"),
    "/z/projects/srv-app/sessions.json",
  );
  assert.equal(baseSessions(PATHS), "/z/sessions.json");
});

const STORE = "/z/projects/srv-app/sessions.json";

test("locateLog takes the logs folder beside the store", () => {
  const log = locateLog(PATHS, STORE, { session_id: "s-1" });
  assert.equal(log, "/z/projects/srv-app/logs/sessions/s-1.jsonl");
  assert.equal(
    locateLog(PATHS, "/z/sessions.json", { session_id: "s", log_path: null }),
    "/z/logs/sessions/s.jsonl",
  );
});

for (const folder of ["/logs", "/logs/"]) {
  test(`locateLog takes ZAG_USER_LOG_DIR ${folder}`, () => {
    const paths = locate("/z", { ZAG_USER_LOG_DIR: folder });
    const log = locateLog(paths, STORE, { session_id: "s-1" });
    assert.equal(log, "/logs/sessions/s-1.jsonl");
  });
}

const INSIDE = [
  "/z/projects/srv-app/logs/sessions/other.jsonl",
  "/z/a..b/...jsonl",
  "/logs/sessions/x.jsonl",
];

for (const log_path of INSIDE) {
  test(`locateLog takes the stored ${log_path}`, () => {
    const paths = locate("/z", { ZAG_USER_LOG_DIR: "/logs" });
    // A stored path comes before an id that could name no file.
    const log = locateLog(paths, STORE, { session_id: "../x", log_path });
    assert.equal(log, log_path);
  });
}

const OUTSIDE = [
  "/etc/passwd",
  "/z/../etc/passwd",
  "/z/logs/..",
  "/z\\..\\etc",
  "/zz/logs/x.jsonl",
  "/z",
  "/z/",
  "z/logs/x.jsonl",
  "../z/x.jsonl",
  "",
  "/z/x\0.jsonl",
  "/logs/x.jsonl",
];

for (const log_path of OUTSIDE) {
  test(`locateLog refuses the stored ${JSON.stringify(log_path)}`, () => {
    assert.throws(
      () => locateLog(PATHS, STORE, { session_id: "s", log_path }),
      (error) =>
        error instanceof ZagPsError && error.kind === "record" &&
        error.message.includes("outside the zag home"),
    );
  });
}

const OTHERWISE_NAMED: [name: string, real: string | undefined, ok: boolean][] =
  [
    ["inside the real folder", "/data/zag", true],
    ["inside the real root", "/", true],
    ["outside the real folder", "/data/za", false],
    ["where there is no real folder", undefined, false],
  ];

for (const [name, real, ok] of OTHERWISE_NAMED) {
  test(`locateLog ${ok ? "takes" : "refuses"} a stored path ${name}`, () => {
    const log_path = "/data/zag/logs/x.jsonl";
    const realPath = (path: string) => path === "./zag" ? real : undefined;
    const locateIt = (log_path: string) =>
      locateLog(
        locate("./zag"),
        "./zag/sessions.json",
        { session_id: "s", log_path },
        realPath,
      );
    if (ok) assert.equal(locateIt(log_path), log_path);
    else assert.throws(() => locateIt(log_path), ZagPsError);
    assert.throws(() => locateIt("/data/zag/../x.jsonl"), ZagPsError);
  });
}

const NO_FILE_NAMES = [
  "../../x",
  "..",
  ".",
  "...",
  "",
  "/etc/x",
  "a/b",
  "a\\b",
  "C:x",
  "a\0b",
];

for (const session_id of NO_FILE_NAMES) {
  test(`locateLog refuses the session id ${JSON.stringify(session_id)}`, () => {
    for (const env of [{}, { ZAG_USER_LOG_DIR: "/logs" }]) {
      assert.throws(
        () => locateLog(locate("/z", env), STORE, { session_id }),
        (error) => error instanceof ZagPsError && error.kind === "record",
      );
    }
  });
}

const LINKED: [name: string, log_path: string, ok: boolean][] = [
  ["into the zag home", "/link/.zag/logs/sessions/x.jsonl", true],
  ["elsewhere", "/other/.zag/logs/sessions/x.jsonl", false],
];

for (const [name, log_path, ok] of LINKED) {
  test(`locateLog ${ok ? "follows" : "refuses"} a stored path whose links lead ${name}`, () => {
    const links: Record<string, string> = {
      "/link/.zag": "/data/.zag",
      "/other/.zag": "/etc/.zag",
      "/data/.zag": "/data/.zag",
    };
    const locateIt = () =>
      locateLog(
        locate("/data/.zag"),
        "/data/.zag/sessions.json",
        { session_id: "s", log_path },
        (path) => links[path],
      );
    if (ok) assert.equal(locateIt(), log_path);
    else assert.throws(locateIt, /outside the zag home/);
  });
}
