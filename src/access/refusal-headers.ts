/** What a refused caller is told beside the status: when to come again, how to say who it is. Used by every way HTTP answers errors. */
import { isMeshlensError } from "../errors.js";

/** Headers of an answer to what was thrown; {} for what is not ours. */
export function refusalHeaders(error: unknown): Readonly<Record<string, string>> {
  if (!isMeshlensError(error)) return {};
  const { retryAfterMs } = error.details;
  return {
    ...(retryAfterMs === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) }),
    ...(error.code === "MESHLENS_ERR_ACCESS_UNAUTHENTICATED" ? { "www-authenticate": 'Bearer realm="meshlens"' } : {}),
  };
}
