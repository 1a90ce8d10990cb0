import assert from "node:assert/strict";
import { test } from "node:test";
import { showNumber } from "../../src/model/json_number.ts";

// What serde_json 1.0.149 prints after reading each.
const NUMBERS: [lexeme: string, shown: string][] = [
  ["0", "0"],
  ["-0", "-0.0"],
  ["0.0", "0.0"],
  ["-0.0", "-0.0"],
  ["7", "7"],
  ["1.0", "1.0"],
  ["0.1e1", "1.0"],
  ["1.50", "1.5"],
  ["1e2", "100.0"],
  ["1E2", "100.0"],
  ["1e15", "1000000000000000.0"],
  ["9999999999999998.0", "9999999999999998.0"],
  ["1e16", "1e+16"],
  ["1e21", "1e+21"],
  ["1e300", "1e+300"],
  ["123456.5e10", "1234565000000000.0"],
  ["1e-5", "0.00001"],
  ["1.5e-5", "0.000015"],
  ["9.99e-6", "9.99e-6"],
  ["1e-7", "1e-7"],
  ["5e-324", "5e-324"],
  ["9007199254740993", "9007199254740993"],
  ["-9007199254740993", "-9007199254740993"],
  ["18446744073709551615", "18446744073709551615"],
  ["18446744073709551616", "1.8446744073709552e+19"],
  ["-9223372036854775808", "-9223372036854775808"],
  ["-9223372036854775809", "-9.223372036854776e+18"],
  ["12345678901234567890123", "1.2345678901234568e+22"],
];

for (const [lexeme, shown] of NUMBERS) {
  test(`showNumber prints ${lexeme} as zag does`, () => {
    assert.equal(showNumber(lexeme, Number(lexeme)), shown);
  });
}

test("showNumber takes an integer of a hundred thousand digits at once", () => {
  const lexeme = "-" + "0".repeat(100_000);
  assert.equal(showNumber(lexeme, Number(lexeme)), "-0.0");
});
