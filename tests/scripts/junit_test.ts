import assert from "node:assert/strict";
import { test } from "node:test";
import { findMissing, readJunit } from "../../scripts/junit.ts";

// Shortened reports of the three runners for the same tests.
const DENO = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="3" failures="1" errors="0" time="0.012">
    <testsuite name="./tests/a_test.ts" tests="3" errors="0" failures="1">
        <testcase name="a &lt;b&gt; &amp; &quot;c&quot;" line="4" col="1">
        </testcase>
        <testcase name="waits" classname="./tests/a_test.ts" line="5" col="1">
            <skipped/>
        </testcase>
        <testcase name="breaks" classname="./tests/a_test.ts" time="0.001">
            <failure message="1 !== 2
">Assertion: &lt;testcase name=&quot;no&quot;/&gt;</failure>
        </testcase>
    </testsuite>
</testsuites>`;
const BUN = `<testsuites name="bun test" tests="3" failures="1" skipped="1">
  <testsuite name="tests/a_test.ts" file="tests/a_test.ts" tests="3">
    <testcase name="a &lt;b&gt; &amp; &quot;c&quot;" classname="" line="4" />
    <testcase name="waits" classname="" time="0" line="5" assertions="0">
      <skipped />
    </testcase>
    <testcase name="breaks" classname="" time="0.002" assertions="0">
      <failure type="AssertionError" message="&#10;1 !== 2&#10;">x</failure>
    </testcase>
  </testsuite>
</testsuites>`;
const NODE = `<testsuites>
	<testcase name="a &lt;b> &amp; &amp;quot;c&amp;quot;" time="0.001"/>
	<testcase name="waits" time="0.000095" classname="test">
		<skipped type="todo" message="true"/>
	</testcase>
	<testcase name="breaks" time="0.001" classname="test" failure="1 !== 2">
		<failure type="testCodeFailure" message="1 !== 2">x > y</failure>
	</testcase>
	<!-- tests 3 -->
</testsuites>`;

for (const [runner, xml] of Object.entries({ DENO, BUN, NODE })) {
  test(`readJunit reads names and outcomes of a ${runner} report`, () => {
    assert.deepEqual(readJunit(xml), [
      { name: 'a <b> & "c"', outcome: "passed" },
      { name: "waits", outcome: "skipped" },
      { name: "breaks", outcome: "failed" },
    ]);
  });
}

test("readJunit takes an error for a failure", () => {
  const xml = '<testcase name="a"><error message="b"/></testcase>';
  assert.deepEqual(readJunit(xml), [{ name: "a", outcome: "failed" }]);
});

test("readJunit finds no test in an empty report", () => {
  assert.deepEqual(readJunit('<testsuites name="deno test" tests="0"/>'), []);
});

test("findMissing counts tests of the same name", () => {
  const report = (...names: string[]) =>
    names.map((name) => ({ name, outcome: "passed" as const }));
  assert.deepEqual(findMissing(report("a", "a", "b"), report("a", "c")), [
    "a",
    "b",
  ]);
  assert.deepEqual(findMissing(report("a", "b"), report("b", "a", "c")), []);
});
