/** Samples for Prometheus: the recorded mesh is there as blocks when our servers start; everything else goes by remote write. */
import { writeFile } from "node:fs/promises";
import { readExpected, readFixture } from "../../support/bookinfo/fixture-files.js";
import { type MetricSample, parseOpenMetrics } from "../../support/open-metrics.js";
import { fetchJson, posting } from "./http-json.js";
import { encodeRemoteWrite, remoteWriteHeaders } from "./remote-write.js";

const samplesPerWrite = 5_000;

/** Writes the recorded metrics as a plain file, which is all promtool reads. */
export async function writeOpenMetrics(file: string): Promise<void> {
  await writeFile(file, readFixture("metrics"));
}

/**
 * Checks that the server holds every recorded sample, and sends them when it holds none.
 * @throws Error that says what the server is lacking
 */
export async function loadMetrics(server: string, url: string): Promise<string> {
  const { samples } = readExpected();
  if ((await recordedSamples(url, "up")) === 0)
    await feedSamples(server, url, parseOpenMetrics(readFixture("metrics")));
  for (const [name, count] of Object.entries(samples)) {
    const found = await recordedSamples(url, name);
    if (found === count) continue;
    throw new Error(
      `${server} at ${url} has ${found} samples of ${name}, not the ${count} of the recorded mesh (made by \`npm run fixture\`): ` +
        "start it with an empty data folder, and with a retention that reaches back to the recording.",
    );
  }
  const total = Object.values(samples).reduce((sum, count) => sum + count, 0);
  return `${total} samples`;
}

/**
 * Sends samples by remote write; those it holds already change nothing.
 * @throws Error that says how a named Prometheus must be started, should it take none
 */
export async function feedSamples(server: string, url: string, samples: readonly MetricSample[]): Promise<void> {
  for (let at = 0; at < samples.length; at += samplesPerWrite) {
    const body = encodeRemoteWrite(samples.slice(at, at + samplesPerWrite));
    const sent = await fetch(`${url}/api/v1/write`, { method: "POST", headers: remoteWriteHeaders, body });
    if (sent.ok) continue;
    throw new Error(
      `${server} at ${url} takes no old samples (${sent.status}: ${(await sent.text()).trim().slice(0, 200)}). Start it with --web.enable-remote-write-receiver, ` +
        "--storage.tsdb.retention.time=100y and `storage: {tsdb: {out_of_order_time_window: 100y}}` in its configuration, " +
        "or on blocks made from test/fixtures/bookinfo/metrics.om.gz (`npm run fixture`) by promtool.",
    );
  }
}

interface CountAnswer {
  readonly data: { readonly result: readonly { value: [number, string] }[] };
}

/** How many samples of a metric lie in the recorded range and its borders. */
async function recordedSamples(url: string, name: string): Promise<number> {
  const { fromMs, toMs } = readExpected();
  const query = `sum(count_over_time(${name}[${(toMs - fromMs) / 1000 + 600}s]))`;
  const form = new URLSearchParams({ query, time: String(toMs / 1000 + 300) }).toString();
  const asking = posting("application/x-www-form-urlencoded", form);
  const answer = await fetchJson<CountAnswer>(`${url}/api/v1/query`, asking);
  return Number(answer.data.result[0]?.value[1] ?? 0);
}
