import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";

describe("the generated resolver types", () => {
  test("are what the schema gives today", () => {
    const script = fileURLToPath(new URL("../../../scripts/generate-types.mjs", import.meta.url));
    expect(execFileSync(process.execPath, [script, "--check"], { encoding: "utf8" })).toBe("");
  });
});
