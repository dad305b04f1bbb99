import { expect, test } from "@jest/globals";
import { demoSettings } from "../../src/cli/demo-options.js";
import { storeSettings } from "../../src/config/store-settings.js";

test("a demo keeps incidents, evidence and changes no longer than the day of telemetry that they are about", () => {
  const { loaded } = demoSettings({ scenario: "healthy", mesh: "istio", seed: "1", history: "6h" });
  const dayMs = 86_400_000;
  expect(storeSettings(loaded.config)).toEqual({
    url: ":memory:",
    keepEvidenceMs: dayMs,
    keepChangesMs: dayMs,
    keepIncidentsMs: dayMs,
  });
});
