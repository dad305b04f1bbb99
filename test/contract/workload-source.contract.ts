/** What every source of workloads does, sentence by sentence of the port. Memory runs it; Kubernetes will. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { CallOptions, UpstreamCall } from "../../src/telemetry/source.js";
import type { WorkloadSource } from "../../src/telemetry/workload-source.js";
import type { WatchEvent } from "../../src/workloads/watch-event.js";
import { bookinfoEvents } from "../support/bookinfo-objects.js";
import { kubeNowMs } from "../support/kube-objects.js";

/** Registers the suite. `makeSource` gives a source that was told the events and nothing else, whose clock stands at kubeNowMs. */
export function describeWorkloadSource(
  name: string,
  makeSource: (events: readonly WatchEvent[]) => Promise<WorkloadSource>,
): void {
  const options = (given: Partial<CallOptions> = {}): CallOptions => ({
    signal: new AbortController().signal,
    deadlineMs: kubeNowMs + 20_000,
    ...given,
  });
  const of = (service: string, namespace = "bookinfo") => ({ namespace, name: service });
  const window = { fromMs: kubeNowMs - 3_600_000, toMs: kubeNowMs };

  describe(`${name} as a source of workloads`, () => {
    let source: WorkloadSource;
    beforeAll(async () => {
      source = await makeSource(bookinfoEvents());
    });
    afterAll(() => source.close());

    const summaries = async (service: string, within = window) => {
      const { value, warnings } = await source.changes([of(service)], within, options());
      expect(warnings).toEqual([]);
      return value.map(({ kind, name: object, summary }) => `${kind} ${object}: ${summary}`);
    };

    test("every Kubernetes Service is known", async () => {
      const { value, warnings } = await source.services(options());
      expect(value.map((service) => `${service.namespace}/${service.name}`).sort()).toEqual([
        "bookinfo/details",
        "bookinfo/productpage",
        "bookinfo/ratings",
        "bookinfo/reviews",
        "shop/ratings",
      ]);
      expect(warnings).toEqual([]);
    });

    test("health answers in the order of the names, null for what is no Service", async () => {
      const names = [of("ratings"), of("nobody"), of("reviews"), of("details"), of("reviews", "shop")];
      const { value } = await source.health(names, options());
      expect(value.map((one) => one?.state ?? null)).toEqual(["DEGRADED", null, "HEALTHY", "IDLE", null]);
      expect(value[2]?.workloads.map((workload) => workload.name)).toEqual(["reviews-v1", "reviews-v2", "reviews-v3"]);
    });

    test("no names are no answers", async () => {
      expect((await source.health([], options())).value).toEqual([]);
      expect((await source.changes([], window, options())).value).toEqual([]);
    });

    test("changes are those that touch the service, newest first", async () => {
      expect(await summaries("ratings")).toEqual([
        "Deployment ratings-v1: container ratings restarted after OOMKilled (exit code 137), 2 restarts so far",
        "VirtualService ratings: fault: 7 s delay on 100 % for end-user=jason",
        "AuthorizationPolicy ratings-viewer: created: denies calls from principal bookinfo/bookinfo-reviews",
        "ServiceEntry firestore: deleted (was firestore.googleapis.com, 443/TLS, resolution DNS)",
      ]);
      expect(await summaries("reviews")).toEqual([
        "VirtualService reviews: reviews: v2 50 %, v3 50 % (was v1 100 %)",
        "Deployment reviews-v3: image 1.20.3 (was 1.20.2)",
        "ServiceEntry firestore: deleted (was firestore.googleapis.com, 443/TLS, resolution DNS)",
      ]);
    });

    test("a service of the same name in another namespace is not touched", async () => {
      const { value } = await source.changes([of("ratings", "shop")], window, options());
      expect(value).toEqual([]);
    });

    test("a change names all the services asked about that it touches, and is there once", async () => {
      const { value } = await source.changes([of("ratings"), of("reviews"), of("nobody")], window, options());
      const [entry, ...others] = value.filter(({ kind }) => kind === "ServiceEntry");
      expect(entry?.services.map((service) => service.name)).toEqual(["ratings", "reviews", "nobody"]);
      expect(others).toEqual([]);
      expect(new Set(value.map(({ id }) => id)).size).toBe(value.length);
    });

    test("a window is open at its beginning and closed at its end", async () => {
      const [newest] = (await source.changes([of("reviews")], window, options())).value;
      const atMs = newest?.atMs ?? 0;
      expect(await summaries("reviews", { fromMs: atMs - 1, toMs: atMs })).toHaveLength(1);
      expect(await summaries("reviews", { fromMs: atMs, toMs: atMs + 1 })).toHaveLength(0);
    });

    test("each question is told as one call", async () => {
      const calls: UpstreamCall[] = [];
      const telling = options({ onUpstreamCall: (call) => calls.push(call) });
      await source.health([of("ratings"), of("reviews")], telling);
      await source.changes([of("ratings"), of("reviews")], window, telling);
      expect(calls.map(({ operation, source: from }) => [from, operation])).toEqual([
        [source.name, "health"],
        [source.name, "changes"],
      ]);
    });

    test("a call given up or too late says so", async () => {
      const leaving = AbortSignal.abort();
      await expect(source.services(options({ signal: leaving }))).rejects.toMatchObject({
        code: "MESHLENS_ERR_SOURCE_ABORTED",
      });
      await expect(source.health([of("ratings")], options({ deadlineMs: kubeNowMs - 1 }))).rejects.toMatchObject({
        code: "MESHLENS_ERR_SOURCE_TIMEOUT",
      });
    });

    test("a probe says what it holds", async () => {
      expect((await source.probe(options())).found).toMatch(/objects/);
    });
  });
}
