import { readFileSync } from "node:fs";
import { afterAll } from "@jest/globals";
import type { WatchEvent } from "../../../src/workloads/watch-event.js";
import { describeWorkloadSource } from "../../contract/workload-source.contract.js";
import { startFakeKubeApi } from "../../support/fake-kube-api.js";
import {
  type KubeRecording,
  kubeRecordingFile,
  recordedPageObjects,
  startKubeReplay,
} from "../../support/kube-recording.js";
import { createSetClock, kubernetesSourceOf } from "../../support/kubernetes-source.js";
import { tellStory } from "../../support/tell-story.js";

const servers: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

async function sourceToldOf(events: readonly WatchEvent[], namespaces: readonly string[] | null) {
  const server = await startFakeKubeApi();
  servers.push(server);
  const clock = createSetClock();
  const source = kubernetesSourceOf(server.url, clock, { namespaces });
  await tellStory(server, source, clock, events);
  return source;
}

describeWorkloadSource("an API server", (events) => sourceToldOf(events, null));
describeWorkloadSource("an API server read by namespaces", (events) => sourceToldOf(events, ["bookinfo", "shop"]));

describeWorkloadSource("a recorded API server", async (events) => {
  const replay = await startKubeReplay(JSON.parse(readFileSync(kubeRecordingFile, "utf8")) as KubeRecording);
  servers.push(replay);
  const clock = createSetClock();
  const config = { namespaces: ["bookinfo", "shop"] };
  const source = kubernetesSourceOf(replay.url, clock, config, { pageObjects: recordedPageObjects });
  await tellStory(replay, source, clock, events);
  return source;
});
