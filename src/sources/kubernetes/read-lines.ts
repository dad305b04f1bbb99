/** The lines of a watch. Called by kubernetes-client.ts. */
import { decodeError } from "../../http/read-json.js";

/** No object of the API is larger (etcd ends at 1.5 MiB); what goes on without a line's end is no watch. */
const longestBytes = 8 * 1_048_576;

/**
 * Lines without their ends; empty ones are left out, and so is a last one that was cut.
 * @throws MESHLENS_ERR_SOURCE_DECODE for a line without end
 */
export async function* readLines(source: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...parts, chunk.subarray(from, end)]).toString("utf8");
      parts = [];
      size = 0;
      from = end + 1;
      if (line.trim() !== "") yield line;
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > longestBytes) throw decodeError(source, "", "a line without an end instead of a watch");
  }
}
