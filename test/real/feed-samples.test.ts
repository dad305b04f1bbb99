import { describe, expect, test } from "@jest/globals";
import { fetchJson } from "./backends/http-json.js";
import { feedSamples } from "./backends/load-metrics.js";
import { readTestState } from "./state-file.js";

const state = readTestState();
const name = "meshlens_feed_test";

describe.each(["prometheus2", "prometheus3"] as const)("feeding samples to a real %s", (server) => {
  test("samples older and newer than the recording are kept as sent, also when sent twice", async () => {
    const labels = { odd: 'quote" back\\slash 😀', job: "feed" };
    const days = [Date.UTC(2023, 0, 29, 8, 41), Date.UTC(2026, 2, 2, 10, 1), Date.UTC(2026, 2, 9)];
    const samples = days.map((atMs, at) => ({ name, labels, value: at + 0.25, atMs }));
    const { url } = state[server];
    await feedSamples(server, url, samples);
    await feedSamples(server, url, samples);
    for (const { value, atMs } of samples) {
      const query = new URLSearchParams({ query: `${name}[1m]`, time: String((atMs + 30_000) / 1000) });
      const { data } = await fetchJson<{ data: { result: object[] } }>(`${url}/api/v1/query?${query}`);
      expect(data.result).toEqual([{ metric: { __name__: name, ...labels }, values: [[atMs / 1000, String(value)]] }]);
    }
  });
});
