/** The recorded log lines in Elasticsearch: indices with their shippers' mappings, one bulk, then a count per index. */
import { readExpected, readFixture } from "../../support/bookinfo/fixture-files.js";
import { fetchJson, fetchText, posting } from "./http-json.js";

/**
 * Loads every document; ids are fixed, so a second load overwrites.
 * @throws Error with the first refusal, or with the index whose count is wrong
 */
export async function loadLogs(server: string, url: string): Promise<string> {
  const { logs } = readExpected();
  const mappings: Record<string, object> = JSON.parse(readFixture("mappings"));
  for (const [index, mapping] of Object.entries(mappings)) {
    const exists = (await fetch(`${url}/${index}`, { method: "HEAD" })).ok;
    const creation = { ...posting("application/json", JSON.stringify({ mappings: mapping })), method: "PUT" };
    if (!exists) await fetchText(`${url}/${index}`, creation);
  }
  const answer = await fetchJson<BulkAnswer>(
    `${url}/_bulk?refresh=true`,
    posting("application/x-ndjson", readFixture("logs")),
  );
  const refused = answer.items.find((item) => item.index.error);
  if (refused) throw new Error(`${server} refused a log line: ${JSON.stringify(refused.index)}`);
  let total = 0;
  for (const [index, expected] of Object.entries(logs)) {
    const { count } = await fetchJson<{ count: number }>(`${url}/${index}/_count`);
    if (count !== expected.total) {
      throw new Error(
        `${server} holds ${count} documents in ${index}, not ${expected.total}: delete the index and run again.`,
      );
    }
    total += count;
  }
  return `${total} log lines in ${Object.keys(logs).length} indices`;
}

interface BulkAnswer {
  readonly items: readonly { readonly index: { readonly error?: object } }[];
}
