import { describe, expect, test } from "@jest/globals";
import { encodeRemoteWrite } from "../../real/backends/remote-write.js";

describe("the remote-write encoder", () => {
  test("a sample is the protobuf message of the specification, framed as one snappy literal", () => {
    const body = encodeRemoteWrite([{ name: "up", labels: { a: "b", gone: "" }, value: 1, atMs: 300 }]);
    const label = (name: string, value: string) =>
      `0a${hex(name.length + value.length + 4)}0a${text(name)}12${text(value)}`;
    const sample = "120c" + "09000000000000f03f" + "10ac02";
    const series = label("__name__", "up") + label("a", "b") + sample;
    const message = `0a${hex(series.length / 2)}${series}`;
    expect(body.toString("hex")).toBe(`${hex(message.length / 2)}f4${hex(message.length / 2 - 1)}00${message}`);
  });

  test("samples of one series go into one series, and long messages into several literals", () => {
    const samples = Array.from({ length: 6_000 }, (_, at) => ({ name: "m", labels: { a: "b" }, value: at, atMs: at }));
    const body = encodeRemoteWrite(samples);
    expect(body.toString("latin1").split("__name__")).toHaveLength(2);
    expect(body.length).toBeGreaterThan(65_536);
  });
});

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** A protobuf string after its tag: length and bytes. */
function text(value: string): string {
  return hex(value.length) + Buffer.from(value).toString("hex");
}
