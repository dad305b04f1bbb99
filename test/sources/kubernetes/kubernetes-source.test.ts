import { afterAll } from "@jest/globals";
import type { WorkloadSource } from "../../../src/telemetry/workload-source.js";
import type { WatchEvent } from "../../../src/workloads/watch-event.js";
import { describeWorkloadSource } from "../../contract/workload-source.contract.js";
import { type FakeKubeApi, startFakeKubeApi } from "../../support/fake-kube-api.js";
import type { Json } from "../../support/kube-objects.js";
import { kubeNowMs } from "../../support/kube-objects.js";
import { createSetClock, kubernetesSourceOf, type SetClock, soon } from "../../support/kubernetes-source.js";
import { waitUntil } from "../../support/wait-until.js";

const servers: FakeKubeApi[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

/** Objects that are there at first are listed; what happens to them later is watched, at its time. */
async function toldBy(server: FakeKubeApi, source: WorkloadSource, clock: SetClock, events: readonly WatchEvent[]) {
  const [first] = events;
  for (const { object, atMs } of events) if (atMs === first?.atMs) server.put(object as Json);
  clock.atMs = first?.atMs ?? clock.atMs;
  const seen = async () => {
    const names = [
      { namespace: "bookinfo", name: "ratings" },
      { namespace: "bookinfo", name: "reviews" },
    ];
    const all = { fromMs: 0, toMs: kubeNowMs };
    return (await source.changes(names, all, soon(clock))).value.length;
  };
  await seen();
  for (const { type, object, atMs } of events.filter((event) => event.atMs !== first?.atMs)) {
    const before = await seen();
    clock.atMs = atMs;
    if (type === "DELETED") server.remove(object as Json);
    else server.put(object as Json);
    await waitUntil(`the event of ${atMs}`, async () => (await seen()) > before);
  }
  clock.atMs = kubeNowMs;
}

describeWorkloadSource("an API server", async (events) => {
  const server = await startFakeKubeApi();
  servers.push(server);
  const clock = createSetClock();
  const source = kubernetesSourceOf(server.url, clock);
  await toldBy(server, source, clock, events);
  return source;
});

describeWorkloadSource("an API server read by namespaces", async (events) => {
  const server = await startFakeKubeApi();
  servers.push(server);
  const clock = createSetClock();
  const source = kubernetesSourceOf(server.url, clock, { namespaces: ["bookinfo", "shop"] });
  await toldBy(server, source, clock, events);
  return source;
});
