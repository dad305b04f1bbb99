import { expect, test } from "@jest/globals";
import { createMemoryWorkloadSource } from "../../../src/sources/memory/memory-workload-source.js";
import { describeWorkloadSource } from "../../contract/workload-source.contract.js";
import { kubeNowMs } from "../../support/kube-objects.js";

const clock = { nowMs: () => kubeNowMs };
const config = { name: "kube", cluster: null, maxAgeMs: 21_600_000, maxChanges: 1_000 };

describeWorkloadSource("memory", async (events) => {
  const source = createMemoryWorkloadSource({ config, clock });
  source.append(events);
  return source;
});

test("a closed source answers nothing more", async () => {
  const source = createMemoryWorkloadSource({ config, clock });
  await source.close();
  const call = { signal: new AbortController().signal, deadlineMs: kubeNowMs + 1_000 };
  await expect(source.services(call)).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
});
