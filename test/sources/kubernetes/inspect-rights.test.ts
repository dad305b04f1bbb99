import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { KubernetesSource } from "../../../src/sources/kubernetes/kubernetes-source.js";
import { type FakeKubeApi, startFakeKubeApi } from "../../support/fake-kube-api.js";
import { createSetClock, kubernetesSourceOf, soon } from "../../support/kubernetes-source.js";

interface Attributes {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  readonly namespace?: string;
}

let server: FakeKubeApi;
let reviews: Attributes[];
let isAllowed: ((asked: Attributes) => boolean) | null;
const clock = createSetClock();
const opened: KubernetesSource[] = [];

beforeEach(async () => {
  reviews = [];
  isAllowed = () => true;
  server = await startFakeKubeApi();
  server.intercept = ({ path, body }, response) => {
    if (!path.endsWith("/selfsubjectaccessreviews")) return false;
    void body.then((text) => {
      const { spec } = JSON.parse(text) as { spec: { resourceAttributes: Attributes } };
      reviews.push(spec.resourceAttributes);
      response.writeHead(isAllowed === null ? 403 : 201, { "content-type": "application/json" });
      response.end(JSON.stringify({ status: { allowed: isAllowed?.(spec.resourceAttributes) } }));
    });
    return true;
  };
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((source) => source.close()));
  await server.close();
});

async function inspect(config: Parameters<typeof kubernetesSourceOf>[2] = {}) {
  const source = kubernetesSourceOf(server.url, clock, config);
  opened.push(source);
  const found = await source.inspect?.(soon(clock));
  return { skewMs: found?.clockSkewMs ?? null, rights: found?.findings[0] };
}

describe("the rights of a Kubernetes source", () => {
  test("list and watch of every installed kind are asked for, kinds that are not there are not", async () => {
    server.absent.add("virtualservices.networking.istio.io");
    const { rights, skewMs } = await inspect();
    expect(rights?.verdict).toBe("PASS");
    expect(rights?.message).toContain("1 kind of meshes are not installed");
    expect(reviews).toContainEqual({ group: "apps", resource: "deployments", verb: "watch" });
    expect(reviews.map(({ resource }) => resource)).not.toContain("virtualservices");
    // The fake tells the machine's time, the test's clock stands elsewhere.
    expect(Math.abs((skewMs ?? 0) - (Date.now() - clock.nowMs()))).toBeLessThan(5_000);
  });

  test("what is missing is named by verb and kind, with what lacks and the rule that grants it", async () => {
    isAllowed = ({ resource, verb }) => resource !== "pods" && (resource !== "virtualservices" || verb !== "watch");
    const { rights } = await inspect();
    expect(rights).toMatchObject({ topic: "rights", verdict: "WARN" });
    expect(rights?.message).toContain("may not list and watch pods, watch virtualservices.networking.istio.io");
    expect(rights?.remedy).toContain('{apiGroups: [""], resources: [pods], verbs: [list, watch]}');
    expect(rights?.remedy).toContain(
      "{apiGroups: [networking.istio.io], resources: [virtualservices], verbs: [watch]}",
    );
  });

  test("without services nothing works: FAIL", async () => {
    isAllowed = ({ resource }) => resource !== "services";
    expect((await inspect()).rights?.verdict).toBe("FAIL");
  });

  test("where some namespaces are read, each is asked about", async () => {
    isAllowed = ({ resource, namespace }) => resource !== "events" || namespace !== "shop";
    const { rights } = await inspect({ namespaces: ["shop", "bookinfo"] });
    expect(rights?.message).toContain("may not list and watch events in shop:");
    expect(reviews).toContainEqual({ group: "", resource: "pods", verb: "list", namespace: "bookinfo" });
  });

  test("a server that does not say is UNKNOWN, not fine", async () => {
    isAllowed = null;
    expect((await inspect()).rights?.verdict).toBe("UNKNOWN");
  });
});
