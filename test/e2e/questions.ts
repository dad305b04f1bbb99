/** What an engineer asks about a scenario, and the answers as the expectations read them. */
import { type Act, rangeAroundSwitch, settledRange } from "./programme.js";
import type { Ask } from "./start-demo-thread.js";

const golden = `
fragment Golden on Golden {
  requestCount
  errorRatio { value }
  clientErrorRatio { value }
  latency(quantiles: [0.5, 0.95]) { value }
  failures { cause count }
  clientErrors { cause count }
  responseFlags { flag share }
  absence
}`;

const edge = `
fragment Edge on Edge {
  source { kind label }
  destination { kind label }
  protocol
  golden { ...Golden server { ...Golden } }
  retryRatio
  connectionRate
  connectionErrorRatio
  sentBytesPerSecond
  receivedBytesPerSecond
}
${golden}`;

const pageQuery = `
query Page($service: ServiceRefInput!, $range: RangeInput!, $around: RangeInput!) {
  service(ref: $service, range: $range) {
    golden { ...Golden server { ...Golden } }
    dependencies { edges { ...Edge } }
    errors: logs(filter: { levels: [ERROR, WARN] }, first: 100) {
      totalCount { value }
      nodes { level message pod traceId trace { durationMs } }
    }
    access: logs(filter: { lines: ACCESS }, first: 100) {
      nodes {
        pod
        accessLog { responseCode responseFlags responseCodeDetails durationMs upstreamCluster upstreamHost bytesSent }
      }
    }
    health {
      state
      reasons
      workloads { name desired ready restarts images conditions { type status reason } pods { name ready restarts reasons } }
    }
    changes(range: $around) { nodes { kind name summary } }
  }
}
${edge}`;

const tracesQuery = `
query Traces($service: ServiceRefInput!, $range: RangeInput!, $filter: TraceFilter, $first: Int!) {
  service(ref: $service, range: $range) {
    traces(filter: $filter, first: $first) { nodes { ...Trace } }
  }
}
fragment Trace on Trace {
  traceId
  durationMs
  complete
  spanCount
  errorCount
  criticalPath { spanId selfMs }
  spans {
    spanId
    parentSpanId
    kind
    service { ref { name } }
    startedAt
    durationMs
    selfMs
    status
    tags { key value }
  }
  logs(first: 50) { match nodes { level message } }
}`;

const changesAlongQuery = `
query ChangesAlong($service: ServiceRefInput!, $range: RangeInput!, $around: RangeInput!, $filter: TraceFilter) {
  service(ref: $service, range: $range) {
    traces(filter: $filter, first: 1) {
      nodes { services { ref { name } changes(range: $around) { nodes { summary } } } }
    }
  }
}`;

const graphQuery = `
query Graph($range: RangeInput!) {
  serviceGraph(range: $range) { nodes { kind label } edges { ...Edge } }
}
${edge}`;

/** Golden signals in one view. */
export interface View {
  readonly requestCount: number | null;
  readonly errorRatio: { readonly value: number | null } | null;
  readonly clientErrorRatio: { readonly value: number | null } | null;
  /** The median, then the 95th percentile. */
  readonly latency: readonly { readonly value: number | null }[] | null;
  readonly failures: readonly { readonly cause: string; readonly count: number }[] | null;
  readonly clientErrors: readonly { readonly cause: string; readonly count: number }[] | null;
  readonly responseFlags: readonly { readonly flag: string; readonly share: number }[] | null;
  readonly absence: string | null;
}

/** Golden signals in both. */
export interface Golden extends View {
  readonly server: View;
}

interface End {
  readonly kind: string;
  readonly label: string;
}

/** An edge of the graph. */
export interface Edge {
  readonly source: End;
  readonly destination: End;
  readonly protocol: string;
  readonly golden: Golden;
  readonly retryRatio: number | null;
  readonly connectionRate: number | null;
  readonly connectionErrorRatio: number | null;
  readonly sentBytesPerSecond: number | null;
  readonly receivedBytesPerSecond: number | null;
}

/** A line of a proxy's. */
export interface AccessLog {
  readonly responseCode: number;
  readonly responseFlags: readonly string[];
  readonly responseCodeDetails: string | null;
  readonly durationMs: number;
  readonly upstreamCluster: string;
  readonly upstreamHost: string | null;
  readonly bytesSent: number;
}

/** The service's page. */
export interface Page {
  readonly golden: Golden;
  readonly dependencies: { readonly edges: readonly Edge[] };
  readonly errors: {
    readonly totalCount: { readonly value: number };
    readonly nodes: readonly {
      readonly level: string;
      readonly message: string;
      readonly pod: string;
      readonly traceId: string | null;
      readonly trace: { readonly durationMs: number } | null;
    }[];
  };
  readonly access: { readonly nodes: readonly { readonly pod: string; readonly accessLog: AccessLog }[] };
  readonly health: {
    readonly state: string;
    readonly reasons: readonly string[];
    readonly workloads: readonly {
      readonly name: string;
      readonly desired: number;
      readonly ready: number;
      readonly restarts: number;
      readonly images: readonly string[];
      readonly conditions: readonly {
        readonly type: string;
        readonly status: string;
        readonly reason: string | null;
      }[];
      readonly pods: readonly {
        readonly name: string;
        readonly ready: boolean;
        readonly restarts: number;
        readonly reasons: readonly string[];
      }[];
    }[];
  };
  readonly changes: {
    readonly nodes: readonly { readonly kind: string; readonly name: string; readonly summary: string }[];
  };
}

/** A step of a trace. */
export interface Span {
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly kind: string;
  readonly service: { readonly ref: { readonly name: string } } | null;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly selfMs: number;
  readonly status: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** A request through the mesh. */
export interface Trace {
  readonly traceId: string;
  readonly durationMs: number;
  readonly complete: boolean;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly criticalPath: readonly { readonly spanId: string; readonly selfMs: number }[];
  readonly spans: readonly Span[];
  readonly logs: {
    readonly match: string | null;
    readonly nodes: readonly { readonly level: string; readonly message: string }[];
  };
}

interface ChangesAlong {
  readonly service: {
    readonly traces: {
      readonly nodes: readonly {
        readonly services: readonly {
          readonly ref: { readonly name: string };
          readonly changes: { readonly nodes: readonly { readonly summary: string }[] };
        }[];
      }[];
    };
  };
}

/** Somebody who looks at one scenario, when it has shown for three minutes. */
export interface Engineer {
  page(name: string, namespace?: string): Promise<Page>;
  traces(name: string, filter?: object, first?: number): Promise<readonly Trace[]>;
  /** What was changed at each service that the newest such trace passed, by the service's name. */
  changesAlong(name: string, filter: object): Promise<Readonly<Record<string, readonly string[]>>>;
  graph(): Promise<{ readonly nodes: readonly End[]; readonly edges: readonly Edge[] }>;
}

/** Asks about an act. */
export function engineerOf(ask: Ask, act: Act): Engineer {
  const range = settledRange(act);
  const around = rangeAroundSwitch(act);
  const ref = (name: string, namespace = "bookinfo") => ({ namespace, name });
  return {
    async page(name, namespace) {
      const variables = { service: ref(name, namespace), range, around };
      return (await ask<{ service: Page }>(pageQuery, variables)).service;
    },
    async traces(name, filter, first = 20) {
      const variables = { service: ref(name), range, filter, first };
      const answer = await ask<{ service: { traces: { nodes: Trace[] } } }>(tracesQuery, variables);
      return answer.service.traces.nodes;
    },
    async changesAlong(name, filter) {
      const answer = await ask<ChangesAlong>(changesAlongQuery, { service: ref(name), range, around, filter });
      const passed = answer.service.traces.nodes[0]?.services ?? [];
      return Object.fromEntries(passed.map((one) => [one.ref.name, one.changes.nodes.map(({ summary }) => summary)]));
    },
    async graph() {
      return (await ask<{ serviceGraph: Awaited<ReturnType<Engineer["graph"]>> }>(graphQuery, { range })).serviceGraph;
    },
  };
}
