import { readFileSync } from "node:fs";
import { describe, test } from "@jest/globals";
import { knownScenarios } from "../../src/demo/scenarios/known-scenarios.js";
import { golden } from "../support/golden.js";

const file = "docs/reference/demo.md";

describe("the demo's scenarios", () => {
  test("golden: docs/reference/demo.md has the table of scenarios the code has", () => {
    const rows = knownScenarios.map(
      (one) =>
        `| \`${one.name}\` | ${one.story} | ${one.lookAt} | ${one.expected} | ${one.settlesAfterMs === 0 ? "at once" : `${one.settlesAfterMs / 1000} s`} |`,
    );
    const table = [
      "",
      "| scenario | story | what to look at | expected | settles |",
      "|---|---|---|---|---|",
      ...rows,
      "",
    ];
    golden(
      file,
      readFileSync(file, "utf8").replace(
        /(<!-- table of [^\n]+ -->\n)[\s\S]*?(<!-- end -->)/,
        `$1${table.join("\n")}\n$2`,
      ),
    );
  });
});
