/** Bookinfo's reviews: v1 shows no stars, v2 waits 10 s for ratings, v3 only 2.5 s. Without an answer the reviews come without stars. */
import { type Application, knownMs } from "../../simulation/application.js";
import { errorLine, finish, ownTimeMs, refusal } from "../../simulation/application-work.js";
import type { ApplicationLine } from "../../simulation/exchange.js";
import type { MeshService } from "../../simulation/mesh-model.js";

const plainBytes = 295;
const starsBytes = 80;

/** The application of a version without stars. */
export function createPlainReviews(): Application {
  return (served, network) => {
    const nowMs = served.startMs + ownTimeMs(served, network, { medianMs: 0.7, sigma: 0.4 });
    return refusal(served, network, nowMs) ?? finish(served, nowMs, 200, plainBytes, [], []);
  };
}

/** The application of a version with stars, which gives up on ratings after `giveUpAfterMs`. */
export function createReviewsWithStars(ratings: MeshService, giveUpAfterMs: number): Application {
  return (served, network) => {
    const askedMs = served.startMs + ownTimeMs(served, network, { medianMs: 0.6, sigma: 0.4 });
    const refused = refusal(served, network, askedMs);
    if (refused !== null) return refused;
    const call = network.http(served, ratings, "/ratings/0", askedMs, giveUpAfterMs);
    const nowMs = knownMs(call) + 0.3;
    const { status } = call.client;
    const lines: ApplicationLine[] = [];
    if (status !== 200) {
      const why = status === 0 ? `exception Read timed out after ${giveUpAfterMs} ms` : `status of ${status}`;
      const message = `Error: unable to contact ratings got ${why}`;
      lines.push(errorLine(nowMs, message, status === 0 ? null : status));
    }
    return finish(served, nowMs, 200, status === 200 ? plainBytes + starsBytes : plainBytes, [call], lines);
  };
}
