import { expect, test } from "@jest/globals";
import { parseConfig } from "../../src/config/parse-config.js";
import { storeSettings } from "../../src/config/store-settings.js";

const dayMs = 86_400_000;

function settingsOf(text: string) {
  const { config } = parseConfig(text, {});
  return config && storeSettings(config);
}

test.each(["# nothing", "slo: {}", "slo: { files: [] }"])("without objectives there is no store: %s", (text) => {
  expect(settingsOf(text)).toBeNull();
});

test.each(['slo: { files: ["slo/*.yaml"] }', "slo: { defaults: { availability: { target: 0.999 } } }"])(
  "objectives bring a store in the working folder: %s",
  (text) => {
    expect(settingsOf(text)).toEqual({
      url: "file:./meshlens.db",
      keepEvidenceMs: 90 * dayMs,
      keepChangesMs: 30 * dayMs,
      keepIncidentsMs: 365 * dayMs,
    });
  },
);

test("what is written counts, objectives or not", () => {
  expect(settingsOf("store: { url: 'postgres://u:p@db/meshlens', keepEvidence: 1w, keepIncidents: 30d }")).toEqual({
    url: "postgres://u:p@db/meshlens",
    keepEvidenceMs: 7 * dayMs,
    keepChangesMs: 30 * dayMs,
    keepIncidentsMs: 30 * dayMs,
  });
});
