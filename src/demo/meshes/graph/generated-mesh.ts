/** A mesh of any size: services in layers that only call deeper ones, made from a seed. Used for `meshlens demo --services N` and benches. */
import type { ExternalDefinition, MeshDefinition } from "../../simulation/mesh-definition.js";
import { createRandom, pick, type Random } from "../../simulation/random.js";
import { type GraphService, graphMesh } from "./graph-mesh.js";

const namespaces = ["accounts", "catalog", "logistics", "payments", "search", "media"];
const nouns =
  "orders invoices stock prices carts profiles labels routes quotes offers reviews images videos feeds alerts mails queues ledgers refunds taxes coupons parcels depots fleets drivers maps ranks topics terms indexes crawls tokens roles audits limits plans meters themes drafts archives".split(
    " ",
  );
const externals: readonly ExternalDefinition[] = [
  { host: "postgres.example.com", port: 5432, address: "203.0.113.40", latency: { medianMs: 3, sigma: 0.4 } },
  { host: "redis.example.com", port: 6379, address: "203.0.113.41", latency: { medianMs: 0.8, sigma: 0.3 } },
  { host: "smtp.example.net", port: 587, address: "203.0.113.42", latency: { medianMs: 25, sigma: 0.5 } },
  { host: "payments.example.org", port: 443, address: "203.0.113.43", latency: { medianMs: 60, sigma: 0.4 } },
];
const layers = 5;
/** Dependents of the shared service. */
const sharers = 10;
const shared = "identity";
/** Calls one user's request may cause on average: a mesh of any size stays payable. */
const callsPerRequest = 25;

/** What a mesh is generated from. */
export interface GeneratedMeshOptions {
  /** 20 or more; the gateway does not count. */
  readonly services: number;
  readonly seed: number;
  /** Mean over a day; 10 unless said. */
  readonly requestsPerSecond?: number;
}

interface Draft {
  readonly service: Omit<GraphService, "calls">;
  readonly layer: number;
  readonly calls: Map<string, { share: number; isNeeded: boolean }>;
}

/** A mesh of so many services. The same options give the same mesh. @throws RangeError below 20 services */
export function generatedMesh(options: GeneratedMeshOptions): MeshDefinition {
  if (!Number.isInteger(options.services) || options.services < 20)
    throw new RangeError(`a generated mesh has 20 services or more, not ${options.services}`);
  const random = createRandom(options.seed, "mesh");
  const drafts = draftServices(options.services, random);
  connect(drafts, random);
  const entries = drafts.filter((draft) => draft.layer === 0).map((draft) => draft.service.name);
  bound(drafts, entries);
  return graphMesh({
    name: `generated-${options.services}`,
    externals,
    entries: entries.map((service) => ({ service, weight: 1 })),
    requestsPerSecond: options.requestsPerSecond ?? 10,
    shared,
    gatewayReplicas: 2,
    services: drafts.map(({ service, layer, calls }) => ({
      ...service,
      calls: [...calls].map(([to, call]) => ({ to, ...call, giveUpAfterMs: 1000 * (layers - layer) })),
    })),
  });
}

function draftServices(count: number, random: Random): readonly Draft[] {
  const entries = Math.max(2, Math.round(count / 20));
  return Array.from({ length: count }, (_, index) => {
    const isShared = index === count - 1;
    const round = Math.floor(index / nouns.length);
    const name = isShared ? shared : `${nouns[index % nouns.length] ?? "service"}${round === 0 ? "" : `-${round + 1}`}`;
    const layer = isShared ? layers : index < entries ? 0 : 1 + Math.floor(random.next() * (layers - 1));
    const isCanary = !isShared && random.next() < 0.2;
    const replicas = 1 + Math.floor(random.next() * 3);
    return {
      layer,
      calls: new Map(),
      service: {
        name,
        namespace: pick(random, namespaces),
        replicas: isCanary ? [replicas, 1] : [replicas],
        ownTime: { medianMs: 0.8 + 7 * random.next() ** 2, sigma: 0.25 + 0.35 * random.next() },
        isParallel: random.next() < 0.4,
        external: random.next() < 0.08 ? pick(random, externals).host : null,
      },
    };
  });
}

/** Gives every service a caller in a layer above, some more calls, and the shared one its dependents. */
function connect(drafts: readonly Draft[], random: Random): void {
  const link = (from: Draft, to: Draft, share: number, isNeeded: boolean): unknown =>
    from.calls.set(to.service.name, { share, isNeeded });
  for (const to of drafts) {
    if (to.layer === 0 || to.layer === layers) continue;
    const above = drafts.filter((from) => from.layer < to.layer);
    link(pick(random, above), to, 0.3 + 0.7 * random.next(), random.next() < 0.5);
    if (random.next() < 0.5) link(pick(random, above), to, 0.2 + 0.5 * random.next(), random.next() < 0.3);
  }
  const last = drafts.find((draft) => draft.layer === layers);
  if (last === undefined) return;
  const others = drafts.filter((draft) => draft !== last);
  const first = Math.floor(random.next() * others.length);
  for (let turn = 0; turn < sharers; turn += 1) {
    const from = others[(first + turn * Math.max(1, Math.floor(others.length / sharers))) % others.length];
    if (from !== undefined) link(from, last, 1, true);
  }
}

/** Makes calls rarer until a user's request causes no more than its bound on average; a needed call of the shared service stays. */
function bound(drafts: readonly Draft[], entries: readonly string[]): void {
  for (let round = 0; round < 40 && expectedCalls(drafts, entries) > callsPerRequest; round += 1)
    for (const draft of drafts)
      for (const [to, call] of draft.calls) if (to !== shared) call.share = Math.max(0.02, call.share * 0.9);
}

function expectedCalls(drafts: readonly Draft[], entries: readonly string[]): number {
  const visits = new Map(entries.map((name) => [name, 1 / entries.length]));
  let calls = 1;
  for (const draft of [...drafts].sort((one, other) => one.layer - other.layer))
    for (const [to, { share }] of draft.calls) {
      const more = (visits.get(draft.service.name) ?? 0) * share;
      calls += more;
      visits.set(to, (visits.get(to) ?? 0) + more);
    }
  return calls;
}
