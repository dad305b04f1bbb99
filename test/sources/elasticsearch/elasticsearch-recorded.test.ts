// Recorded on real servers with: RECORD_ELASTICSEARCH_8=http://... RECORD_ELASTICSEARCH_9=http://... and this file alone.
import { afterAll, beforeAll } from "@jest/globals";
import { createElasticsearchSource } from "../../../src/sources/elasticsearch/elasticsearch-source.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import { describeLogSource } from "../../contract/log-source.contract.js";
import { loadLogScene } from "../../support/load-log-scene.js";
import { patternOfScene } from "../../support/log-scenes.js";
import { type ReplayServer, startReplayServer } from "../../support/replay-server.js";
import { repositoryRoot } from "../../support/repository-root.js";

for (const [version, variable] of [
  ["8.19", "RECORD_ELASTICSEARCH_8"],
  ["9.5", "RECORD_ELASTICSEARCH_9"],
] as const) {
  const recordFrom = process.env[variable];
  let server: ReplayServer;
  beforeAll(async () => {
    const file = `${repositoryRoot}/test/fixtures/elasticsearch-${version}/log-contract.json`;
    server = await startReplayServer({ file, recordFrom, keptHeaders: ["content-type", "x-elastic-product"] });
  });
  afterAll(() => server.close());

  describeLogSource(`Elasticsearch ${version}, recorded,`, async (scene) => {
    if (recordFrom !== undefined) await loadLogScene(recordFrom, scene);
    return createElasticsearchSource({
      config: { name: "logs", url: server.url, index: patternOfScene(scene) },
      clock: systemClock,
    });
  });
}
