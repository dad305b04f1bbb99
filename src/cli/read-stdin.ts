/** Standard input as a text, for commands that take `-` for a file's name. */
import { readSync } from "node:fs";

const pieceBytes = 65_536;
const pauseMs = 10;

/** Everything, or one piece more than `mostBytes`: enough to see that it is too much. Waits for whoever writes. */
export function readStdin(mostBytes: number): Buffer {
  const pieces: Buffer[] = [];
  let size = 0;
  while (size <= mostBytes) {
    const piece = Buffer.alloc(pieceBytes);
    const count = readPiece(piece);
    if (count === 0) break;
    pieces.push(piece.subarray(0, count));
    size += count;
  }
  return Buffer.concat(pieces);
}

function readPiece(into: Buffer): number {
  for (;;) {
    try {
      return readSync(0, into);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}
