import { createElasticsearchSource } from "../../src/sources/elasticsearch/elasticsearch-source.js";
import { systemClock as clock } from "../../src/telemetry/clock.js";
import { describeLogSource } from "../contract/log-source.contract.js";
import { indexOf, patternOfScene } from "../support/log-scenes.js";
import { feedDocuments } from "./backends/load-logs.js";
import { readTestState } from "./state-file.js";

const state = readTestState();

for (const name of ["elasticsearch8", "elasticsearch9"] as const) {
  const { url, version } = state[name];
  describeLogSource(`Elasticsearch ${version}`, async (scene) => {
    const documents = scene.documents.map((document) => ({ ...document, index: indexOf(scene, document) }));
    const mappings = Object.entries(scene.mappings).map(([day, mapping]) => [`meshlens-${scene.name}-${day}`, mapping]);
    await feedDocuments(name, url, documents, Object.fromEntries(mappings));
    return createElasticsearchSource({ config: { name, url, index: patternOfScene(scene) }, clock });
  });
}
