/** The body of an answer that goes on, with its errors in our words. Called by create-http-client.ts. */
import type { Readable } from "node:stream";
import { MeshlensError } from "../errors.js";
import type { HttpStream } from "./http-client.js";
import { brokenAnswerError } from "./http-error.js";

/** @param enders end it as MESHLENS_ERR_SOURCE_ABORTED: the caller leaving, the client closing */
export function openStream(
  { name, url }: { readonly name: string; readonly url: string },
  status: number,
  data: Readable,
  enders: readonly AbortSignal[],
): HttpStream {
  let isClosed = false;
  const cut = () => data.destroy();
  // Until somebody reads, an error has no other listener and would end the process.
  data.on("error", () => undefined);
  for (const ender of enders) {
    if (ender.aborted) cut();
    else ender.addEventListener("abort", cut, { once: true });
  }
  data.once("close", () => {
    for (const ender of enders) ender.removeEventListener("abort", cut);
  });

  async function* read(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of data) yield chunk as Buffer;
    } catch (error) {
      if (isClosed) return;
      if (!enders.some(({ aborted }) => aborted)) throw brokenAnswerError(name, url, error);
    } finally {
      data.destroy();
    }
    if (!isClosed && enders.some(({ aborted }) => aborted))
      throw new MeshlensError("MESHLENS_ERR_SOURCE_ABORTED", `Listening to ${name} was given up`, { source: name });
  }

  return {
    status,
    chunks: read(),
    close() {
      isClosed = true;
      data.destroy();
    },
  };
}
