import { afterAll } from "@jest/globals";
import type { WatchEvent } from "../../../src/workloads/watch-event.js";
import { describeWorkloadSource } from "../../contract/workload-source.contract.js";
import { type FakeKubeApi, startFakeKubeApi } from "../../support/fake-kube-api.js";
import { createSetClock, kubernetesSourceOf } from "../../support/kubernetes-source.js";
import { tellStory } from "../../support/tell-story.js";

const servers: FakeKubeApi[] = [];
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
