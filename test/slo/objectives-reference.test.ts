import { describe, expect, test } from "@jest/globals";
import { objectivesReference } from "../../src/slo/short-form/reference.js";
import { golden } from "../support/golden.js";

describe("objectives reference", () => {
  test("golden: docs/reference/objectives.md is what the schema and the findings say", () => {
    golden("docs/reference/objectives.md", objectivesReference());
  });

  test("every key has a description", () => {
    const rows = objectivesReference()
      .split("\n")
      .filter((line) => line.startsWith("| `") && !line.startsWith("| `SLO_"));
    expect(rows.length).toBeGreaterThan(40);
    for (const row of rows) expect(row).toMatch(/ \S[^|]+ \|$/);
  });
});
