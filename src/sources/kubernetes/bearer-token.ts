/** The token sent to the API server; one in a file is read again as it rotates. Called by kubernetes-client.ts. */
import { readFile } from "node:fs/promises";
import { MeshlensError } from "../../errors.js";
import type { Clock } from "../../telemetry/clock.js";

/** Gives the token of now. */
export interface BearerToken {
  /** Null where none is sent. @throws MESHLENS_ERR_SOURCE_UNAUTHORIZED when the file cannot be read and was never */
  current(): Promise<string | null>;
  /** The server refused it: the file is read again next time. */
  refused(): void;
}

/** Service account tokens are replaced long before they end; once a minute is what others do. */
const keepMs = 60_000;

/** @param file null where the token does not rotate and the client has it already */
export function createBearerToken(source: string, file: string | null, clock: Clock): BearerToken {
  let token: string | null = null;
  let readAtMs = Number.NEGATIVE_INFINITY;
  return {
    async current() {
      if (file === null || clock.nowMs() - readAtMs < keepMs) return token;
      try {
        const text = (await readFile(file, "utf8")).trim();
        if (text !== "") token = text;
        readAtMs = clock.nowMs();
      } catch (error) {
        // While a volume is switched to the next token the file may be away for a moment.
        if (token === null)
          throw new MeshlensError(
            "MESHLENS_ERR_SOURCE_UNAUTHORIZED",
            `${source}: its token file ${file} cannot be read; mount it, or name another in the kubeconfig`,
            { source },
            error,
          );
      }
      return token;
    },
    refused() {
      readAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}
