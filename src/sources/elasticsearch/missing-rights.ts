/** Which index rights the user of a source lacks, asked of the cluster itself. Called when a source is looked at closer. */
import { isMeshlensError } from "../../errors.js";
import type { CallOptions } from "../../telemetry/source.js";
import { isJsonObject } from "./document-decode.js";
import type { ElasticsearchClient } from "./elasticsearch-client.js";

const wantedRights = ["read", "view_index_metadata"] as const;

/** A right on a pattern of the configured index, such as `read on logstash-*`. */
export interface MissingRight {
  readonly right: (typeof wantedRights)[number];
  readonly pattern: string;
}

/** Whoever is signed in may ask about himself. Null where the cluster does not tell: security is off, or nobody is signed in. */
export async function readMissingRights(
  client: ElasticsearchClient,
  index: string,
  options: CallOptions,
): Promise<readonly MissingRight[] | null> {
  const names = index.split(",").filter((name) => name !== "" && !name.startsWith("-"));
  try {
    const answer: unknown = await client.call("privileges", options, (api, send) =>
      api.security.hasPrivileges({ index: [{ names, privileges: [...wantedRights] }] }, send),
    );
    const byName = isJsonObject(answer) && isJsonObject(answer["index"]) ? answer["index"] : null;
    if (byName === null) return null;
    return names.flatMap((pattern) => {
      const granted = byName[pattern];
      return wantedRights.flatMap((right) =>
        isJsonObject(granted) && granted[right] === false ? [{ right, pattern }] : [],
      );
    });
  } catch {
    return null;
  }
}

/** Whether the cluster knows who asks and does not let him; a wrong password is none of these. */
export function isForbidden(error: unknown): boolean {
  return isMeshlensError(error) && error.code === "MESHLENS_ERR_SOURCE_UNAUTHORIZED" && error.details["status"] === 403;
}
