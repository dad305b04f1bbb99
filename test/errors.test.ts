import { describe, test } from "@jest/globals";
import { errorKinds } from "../src/errors.js";
import { golden } from "./support/golden.js";

describe("the error table", () => {
  test("golden: docs/reference/errors.md says what the table says", () => {
    const rows = Object.entries(errorKinds).map(
      ([code, kind]) => `| \`${code}\` | \`${kind.graphql}\` | ${kind.retryable ? "yes" : "no"} | ${kind.meaning} |`,
    );
    golden(
      "docs/reference/errors.md",
      [
        "# Errors",
        "",
        "Every error Meshlens raises on purpose. A GraphQL error carries the second column as `extensions.code`; logs and the CLI carry the",
        "first. *Retry*: whether the same question may succeed later. Written from `src/errors.ts` by `npm run golden:write`.",
        "",
        "| code | GraphQL | retry | meaning and remedy |",
        "|---|---|---|---|",
        ...rows,
        "",
      ].join("\n"),
    );
  });
});
