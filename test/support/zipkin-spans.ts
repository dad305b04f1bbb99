/** Traces as plain Zipkin v2 data, the one form every backend's door takes: what contract suites are fed with. */

/** A span as Zipkin v2 JSON has it; times in µs. */
export interface ZipkinSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  readonly name: string;
  readonly kind?: "CLIENT" | "SERVER" | "PRODUCER" | "CONSUMER";
  readonly timestamp: number;
  readonly duration: number;
  readonly localEndpoint: { readonly serviceName: string };
  readonly remoteEndpoint?: { readonly serviceName: string };
  readonly tags?: Readonly<Record<string, string>>;
  readonly annotations?: readonly { readonly timestamp: number; readonly value: string }[];
  readonly shared?: boolean;
}

/** The spans of one trace. */
export type ZipkinTrace = readonly ZipkinSpan[];

/** When the made-up traces begin, epoch ms. */
export const t0Ms = 1_700_000_000_000;

/** A span of a service at `atMs` after t0, both times in ms. */
export function zipkinSpan(
  traceId: string,
  id: string,
  serviceName: string,
  given: Partial<ZipkinSpan> & { atMs?: number; ms?: number } = {},
): ZipkinSpan {
  const { atMs = 0, ms = 10, ...rest } = given;
  return {
    traceId,
    id: id.padStart(16, "0"),
    name: "get /",
    timestamp: Math.round((t0Ms + atMs) * 1000),
    duration: Math.round(ms * 1000),
    localEndpoint: { serviceName },
    ...rest,
  };
}
