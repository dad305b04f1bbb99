/** What the simulated mesh's metrics are handed on as: series that stay the same objects, and whoever takes their samples. */

/** One series. The same object stands for it at every scrape, so that a sink may keep its own place for it in a WeakMap. */
export interface MetricSeries {
  /** Name of its samples: `istio_requests_total`, `istio_request_duration_milliseconds_bucket`. */
  readonly name: string;
  /** Name of its family in OpenMetrics: `istio_requests`, `istio_request_duration_milliseconds`. */
  readonly family: string;
  readonly type: "counter" | "histogram" | "gauge";
  /** Without `__name__`; `le` included. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A request that stands for the others of its bucket. */
export interface SampleExemplar {
  /** 32 hex digits. */
  readonly traceId: string;
  /** In the histogram's unit. */
  readonly value: number;
  readonly atMs: number;
}

/** Takes the samples of a scrape: a metric store, an exposition, a back-fill file. */
export interface SampleSink {
  sample(series: MetricSeries, atMs: number, value: number): void;
  /**
   * The samples of series that always come together: the same list at every scrape, so that a sink may keep its places for all of them
   * under one key. Given instead of single samples where a sink has it; `values` is used again afterwards.
   */
  sampleAll?(series: readonly MetricSeries[], atMs: number, values: ArrayLike<number>): void;
  /** Of the sample before it, or of one of those given together; a bucket's. Each exemplar is given once. */
  exemplar?(series: MetricSeries, exemplar: SampleExemplar): void;
}
