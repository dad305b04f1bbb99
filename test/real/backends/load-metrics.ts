/** The recorded metrics in Prometheus: blocks are made before the start; afterwards every sample is counted by query. */
import { writeFile } from "node:fs/promises";
import { readExpected, readFixture } from "../../support/bookinfo/fixture-files.js";
import { fetchJson, posting } from "./http-json.js";

/** Writes the recorded metrics as a plain file, which is all promtool reads. */
export async function writeOpenMetrics(file: string): Promise<void> {
  await writeFile(file, readFixture("metrics"));
}

interface CountAnswer {
  readonly data: { readonly result: readonly { value: [number, string] }[] };
}

/**
 * Checks that the server holds the recording, every sample of it; blocks are there before the server is ready, so once is enough.
 * @throws Error that says how the recording is made, should a named server not hold it: Prometheus takes no old samples over HTTP
 */
export async function loadMetrics(server: string, url: string): Promise<string> {
  const { samples, fromMs, toMs } = readExpected();
  const rangeSeconds = (toMs - fromMs) / 1000 + 600;
  const atSeconds = toMs / 1000 + 300;
  for (const [name, count] of Object.entries(samples)) {
    const query = `sum(count_over_time(${name}[${rangeSeconds}s]))`;
    const form = new URLSearchParams({ query, time: String(atSeconds) }).toString();
    const asking = posting("application/x-www-form-urlencoded", form);
    const answer = await fetchJson<CountAnswer>(`${url}/api/v1/query`, asking);
    const found = Number(answer.data.result[0]?.value[1] ?? 0);
    if (found !== count) {
      throw new Error(
        `${server} at ${url} has ${found} samples of ${name}, not the ${count} of the recorded mesh. A named Prometheus must already hold it: ` +
          "unpack test/fixtures/bookinfo/metrics.om.gz (made by `npm run fixture`), then " +
          "`promtool tsdb create-blocks-from openmetrics metrics.om DATA_FOLDER`.",
      );
    }
  }
  const total = Object.values(samples).reduce((sum, count) => sum + count, 0);
  return `${total} samples`;
}
