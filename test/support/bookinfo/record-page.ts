/** One page: gateway → productpage → details (→ Firestore) and reviews (→ ratings). Called by record-mesh. */
import type { ApplicationLine, Call, Connection, RequestIds } from "./recording.js";
import type { SeededRandom } from "./seeded-random.js";
import { details, gateway, productpage, ratings, reviewsV1, type Workload } from "./workloads.js";

/** What is wrong while a page is made. */
export type Trouble = "none" | "abort" | "delay" | "blackHole";

/** How a page is to be made. */
export interface PagePlan {
  readonly startUs: number;
  readonly reviews: Workload;
  readonly trouble: Trouble;
  /** The call of details shares one span between client and server. */
  readonly sharesSpans: boolean;
  readonly traceIdDigits: 16 | 32;
}

/** What one page left behind; the first call is the page itself. */
export interface RecordedPage {
  readonly calls: readonly Call[];
  readonly connections: readonly Connection[];
  readonly lines: readonly ApplicationLine[];
}

/** The response of a piece of work, and when it was ready. */
interface Outcome {
  readonly endUs: number;
  readonly code: number;
  readonly bytes: number;
}

interface Hop {
  readonly source: Workload;
  readonly destination: Workload;
  readonly path: string;
  readonly startUs: number;
  readonly parentSpanId: string | null;
  readonly sharesSpan?: boolean;
  /** Fault injection holds the call in the caller's proxy for this long. */
  readonly delayUs?: number;
  /** Fault injection answers 500 in the caller's proxy. */
  readonly isAborted?: boolean;
  /** The caller leaves after this long, whether there is a response or not. */
  readonly patienceUs?: number;
}

/** Work of an application from the instant its request arrives, under its server span. */
type Work = (startUs: number, spanId: string) => Outcome;

const injectedDelayUs = 7_000_000;
const patienceUs = 3_000_000;
const firestore = "firestore.googleapis.com";

/** Makes one page. */
export function recordPage(random: SeededRandom, plan: PagePlan): RecordedPage {
  const ids: RequestIds = { traceId: random.hex(plan.traceIdDigits), requestId: random.uuid() };
  const calls: Call[] = [];
  const connections: Connection[] = [];
  const lines: ApplicationLine[] = [];
  const write = (workload: Workload, atUs: number, level: ApplicationLine["level"], spanId: string, message: string) =>
    lines.push({ ...ids, workload, atUs, level, message, spanId });

  const call = (hop: Hop, work: Work): Outcome => {
    const clientSpanId = random.hex(16);
    const serverSpanId = hop.sharesSpan ? clientSpanId : random.hex(16);
    const base = { ...ids, source: hop.source, service: hop.destination.app, path: hop.path };
    const spans = { parentSpanId: hop.parentSpanId, clientSpanId, serverSpanId };
    if (hop.isAborted) {
      const durationUs = random.between(50, 90);
      const client = { startUs: hop.startUs, durationUs, code: 500, flags: "FI", codeDetails: "fault_filter_abort" };
      calls.push({ ...base, ...spans, destination: null, responseBytes: 18, client, server: null });
      return { endUs: hop.startUs + durationUs, code: 500, bytes: 18 };
    }
    const arrivalUs = hop.startUs + (hop.delayUs ?? 0) + random.between(150, 400);
    const done = work(arrivalUs + random.between(100, 200), serverSpanId);
    const leftUs = hop.startUs + (hop.patienceUs ?? Number.POSITIVE_INFINITY);
    const gaveUp = leftUs < done.endUs;
    const serverEndUs = (gaveUp ? leftUs : done.endUs) + random.between(60, 200);
    const clientEndUs = gaveUp ? leftUs + random.between(5, 50) : serverEndUs + random.between(100, 300);
    const seen = gaveUp
      ? { code: 0, flags: "DC", codeDetails: "downstream_remote_disconnect" }
      : { code: done.code, flags: "-", codeDetails: "via_upstream" };
    calls.push({
      ...base,
      ...spans,
      destination: hop.destination,
      responseBytes: gaveUp ? 0 : done.bytes,
      client: {
        startUs: hop.startUs,
        durationUs: clientEndUs - hop.startUs,
        ...seen,
        ...(hop.delayUs ? { flags: "DI" } : {}),
      },
      server: { startUs: arrivalUs, durationUs: serverEndUs - arrivalUs, ...seen },
    });
    return gaveUp ? { endUs: clientEndUs, code: 0, bytes: 0 } : { ...done, endUs: clientEndUs };
  };

  const ratingsWork: Work = (startUs, spanId) => {
    const endUs = startUs + random.between(400, 1_800);
    // A WARN whose text speaks of INFO and ERROR: levels are told by their place in the line, not by searching for the word.
    const isSlow = endUs - startUs > 1_700;
    if (isSlow) write(ratings, endUs - 50, "WARN", spanId, "cache miss, INFO page of the last ERROR budget served");
    write(ratings, endUs, "INFO", spanId, "GET /ratings/0 200");
    return { endUs, code: 200, bytes: 48 };
  };

  const reviewsWork: Work = (startUs, spanId) => {
    const { reviews } = plan;
    const readyUs = startUs + random.between(800, 2_500);
    if (reviews === reviewsV1) {
      write(reviews, readyUs, "INFO", spanId, "GET /reviews/0 200");
      return { endUs: readyUs, code: 200, bytes: 295 };
    }
    const stars = call(
      {
        source: reviews,
        destination: ratings,
        path: "/ratings/0",
        startUs: readyUs,
        parentSpanId: spanId,
        isAborted: plan.trouble === "abort" && reviews.version === "v2",
        ...(plan.trouble === "delay" ? { delayUs: injectedDelayUs } : {}),
      },
      ratingsWork,
    );
    const endUs = stars.endUs + random.between(300, 900);
    if (stars.code !== 200) {
      write(
        reviews,
        stars.endUs + 20,
        "ERROR",
        spanId,
        `Error: unable to contact ratings, got status of ${stars.code}`,
      );
    }
    write(reviews, endUs, "INFO", spanId, "GET /reviews/0 200");
    return { endUs, code: 200, bytes: stars.code === 200 ? 379 : 340 };
  };

  const detailsWork: Work = (startUs, spanId) => {
    const openUs = startUs + random.between(100, 300);
    if (plan.trouble === "blackHole") {
      connections.push({ source: details, host: null, startUs: openUs, durationUs: 0, sentBytes: 0, receivedBytes: 0 });
      const endUs = openUs + random.between(300, 700);
      write(details, endUs, "ERROR", spanId, `read ECONNRESET while asking ${firestore}`);
      return { endUs, code: 500, bytes: 50 };
    }
    const durationUs = random.between(2_000, 6_000);
    const sentBytes = random.between(400, 500);
    const receivedBytes = random.between(1_800, 2_400);
    connections.push({ source: details, host: firestore, startUs: openUs, durationUs, sentBytes, receivedBytes });
    const endUs = openUs + durationUs + random.between(200, 500);
    write(details, endUs, "INFO", spanId, "GET /details/0 200");
    return { endUs, code: 200, bytes: 178 };
  };

  const pageWork: Work = (startUs, spanId) => {
    const book = call(
      {
        source: productpage,
        destination: details,
        path: "/details/0",
        startUs: startUs + random.between(500, 1_500),
        parentSpanId: spanId,
        sharesSpan: plan.sharesSpans,
      },
      detailsWork,
    );
    let nowUs = book.endUs;
    if (book.code !== 200) write(productpage, nowUs, "ERROR", spanId, `details answered ${book.code}`);
    // productpage asks reviews once more when it had to give up.
    for (let attempt = 1; attempt <= 2; attempt++) {
      const startedUs = nowUs + random.between(200, 600);
      const { reviews } = plan;
      const hop = { source: productpage, destination: reviews, path: "/reviews/0", parentSpanId: spanId, patienceUs };
      const answer = call({ ...hop, startUs: startedUs }, reviewsWork);
      nowUs = answer.endUs;
      if (answer.code === 200) break;
      write(productpage, nowUs, "ERROR", spanId, `Read timed out, attempt ${attempt} of 2 to reach reviews`);
    }
    const endUs = nowUs + random.between(800, 2_000);
    write(productpage, endUs, "INFO", spanId, "GET /productpage 200");
    return { endUs, code: 200, bytes: 4_183 };
  };

  const hop = { source: gateway, destination: productpage, path: "/productpage", parentSpanId: null };
  call({ ...hop, startUs: plan.startUs }, pageWork);
  calls.sort((a, b) => a.client.startUs - b.client.startUs);
  return { calls, connections, lines };
}
