/** The scalar Cursor: opaque text outside, decoded inside. */
import { decodeCursor } from "../cursors.js";
import { defineScalar } from "./define-scalar.js";

export const cursorScalar = defineScalar(
  "Cursor",
  decodeCursor,
  String,
  "Give `endCursor` or `cursor` of an earlier answer unchanged, or leave it out for the first page.",
);
