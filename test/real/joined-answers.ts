/** What the contract's queries (examples/queries) answer, in as much as the joined tests read of it. */

export interface Status {
  readonly name: string;
  readonly state: string;
  readonly message: string | null;
}

export interface Ref {
  readonly namespace: string;
  readonly name: string;
}

export interface Measure {
  readonly value: number | null;
  readonly series?: { readonly timestamps: readonly number[]; readonly values: readonly (number | null)[] };
}

export interface Golden {
  readonly sources?: readonly Status[];
  readonly requestCount: number | null;
  readonly requestRate: Measure | null;
  readonly errorRatio: Measure | null;
  readonly failures: readonly { readonly cause: string; readonly count: number }[] | null;
  readonly clientErrors?: readonly { readonly cause: string; readonly count: number }[] | null;
  readonly server: { readonly requestCount: number | null; readonly errorRatio: Measure | null };
  readonly absence: string | null;
}

export interface Node {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly service: { readonly ref: Ref } | null;
}

export interface Edge {
  readonly source: Node;
  readonly destination: Node;
  readonly protocol: string;
  readonly reporter: string;
  readonly golden: Golden;
  readonly responseFlags?: readonly { readonly flag: string; readonly share: number }[] | null;
  readonly retryRatio?: number | null;
  readonly connectionRate: number | null;
  readonly connectionErrorRatio: number | null;
  readonly sentBytesPerSecond: number | null;
  readonly receivedBytesPerSecond?: number | null;
  readonly mutualTlsRatio: number | null;
}

export interface LogLine {
  readonly at: string;
  readonly level: string;
  readonly message: string;
  readonly pod: string;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly trace?: { readonly traceId: string; readonly durationMs: number } | null;
}

export interface JoinedLogs {
  readonly match: string | null;
  readonly nodes: readonly LogLine[];
}

export interface TraceNode {
  readonly traceId: string;
  readonly foundIn: readonly string[];
  readonly startedAt: string;
  readonly durationMs: number;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly services: readonly { readonly ref: Ref }[];
  readonly links: readonly object[];
  readonly logs: JoinedLogs;
}

/** `service` of service-page. */
export interface ServicePage {
  readonly id: string;
  readonly golden: Golden;
  readonly dependencies: { readonly sources: readonly Status[]; readonly edges: readonly Edge[] | null };
  readonly traces: { readonly sources: readonly Status[]; readonly nodes: readonly TraceNode[] | null };
  readonly logs: {
    readonly sources: readonly Status[];
    readonly totalCount: { readonly value: number; readonly relation: string } | null;
    readonly nodes: readonly LogLine[] | null;
  };
  readonly logVolume: {
    readonly sources: readonly Status[];
    readonly timestamps: readonly number[] | null;
    readonly byLevel: readonly { readonly level: string; readonly values: readonly number[] }[] | null;
  };
  readonly health: { readonly sources: readonly Status[]; readonly state: string };
  readonly changes: { readonly sources: readonly Status[]; readonly nodes: readonly object[] | null };
}

/** `services`. */
export interface ServiceList {
  readonly sources: readonly Status[];
  readonly nodes: readonly { readonly ref: Ref; readonly mesh: string; readonly golden: Golden }[];
}

/** `serviceGraph`. */
export interface ServiceGraph {
  readonly sources: readonly Status[];
  readonly truncated: boolean;
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** `trace`. */
export interface WholeTrace {
  readonly traceId: string;
  readonly foundIn: readonly string[];
  readonly startedAt: string;
  readonly durationMs: number;
  readonly complete: boolean;
  readonly criticalPath: readonly { readonly spanId: string; readonly selfMs: number }[];
  readonly spans: readonly {
    readonly spanId: string;
    readonly parentSpanId: string | null;
    readonly service: { readonly ref: Ref } | null;
    readonly operation: string;
    readonly kind: string | null;
    readonly startedAt: string;
    readonly durationMs: number;
    readonly selfMs: number;
    readonly status: string;
    readonly tags: readonly { readonly key: string; readonly value: string }[];
    readonly logs: JoinedLogs;
  }[];
  readonly logs: JoinedLogs;
}
