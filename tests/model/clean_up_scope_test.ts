import assert from "node:assert/strict";
import { test } from "node:test";
import {
  findExemption,
  listKinds,
  type Scope,
} from "../../src/model/clean_up_scope.ts";
import type { OwnershipKind } from "../../src/model/seen_agent.ts";

const ALL: readonly OwnershipKind[] = [
  "this-job",
  "leftover",
  "detached",
  "other-runner",
  "person",
  "unknown",
];

const SCOPES: [
  scopes: Scope[] | undefined,
  includeDetached: boolean,
  kinds: OwnershipKind[],
][] = [
  [["job"], false, ["this-job"]],
  [["runner"], false, ["leftover"]],
  [["runner"], true, ["leftover", "detached"]],
  [["host"], false, ["leftover", "person"]],
  [["host"], true, ["leftover", "detached", "person"]],
  [["job", "runner"], false, ["this-job", "leftover"]],
  [undefined, false, ["this-job", "leftover", "detached", "person"]],
];

for (const [scopes, includeDetached, meant] of SCOPES) {
  const detached = includeDetached ? " with the detached ones" : "";
  test(
    `findExemption spares all but what the scope ${
      scopes?.join(" and ") ?? "of a name"
    } means${detached}`,
    () => {
      const kinds = listKinds(scopes, includeDetached);
      for (const ownership of ALL) {
        const facts = { ownership, uid: 1000, ownUid: 1000, isOwnLine: false };
        assert.equal(
          findExemption(kinds, facts),
          meant.includes(ownership) ? undefined : ownership,
        );
      }
    },
  );
}

test("findExemption spares what it knows nothing of, other users and itself", () => {
  const kinds = new Set(ALL.filter((kind) => kind !== "unknown"));
  const own = { uid: 1000, ownUid: 1000, isOwnLine: false };
  assert.equal(
    findExemption(kinds, { ...own, ownership: undefined }),
    "unknown",
  );
  const ownership = "leftover";
  assert.equal(findExemption(kinds, { ...own, ownership }), undefined);
  assert.equal(
    findExemption(kinds, { ...own, ownership, uid: 0 }),
    "other-user",
  );
  assert.equal(
    findExemption(kinds, { ...own, ownership, uid: undefined }),
    "other-user",
  );
  assert.equal(
    findExemption(kinds, { ...own, ownership, isOwnLine: true }),
    "own-line",
  );
});
