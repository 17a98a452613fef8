import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { connectEngine } from "../../../provider/pulumi";
import { warn } from "../../../sdk/run";

describe("the output of tests", () => {
  /** Returns the lines that reach the standard output and error output. */
  function printed(work: () => void): string[] {
    const lines: string[] = [];
    const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
    for (const { stream } of streams) {
      stream.write = (text: string | Uint8Array) => lines.push(String(text)) > 0;
    }
    try {
      work();
    } finally {
      for (const { stream, write } of streams) stream.write = write;
    }
    return lines;
  }

  it("has no notice of the product that no test looks at, and all else", () => {
    const engine = connectEngine(undefined);
    assert.deepEqual(
      printed(() => {
        warn("No memory limit", "advice");
        engine.inform("This plan is for another server", "server", "http://127.0.0.1:1");
        engine.warn("It is in no plan", "unlisted");
        engine.progress("1 of 2 services");
        pulumi.log.warn("A warning of others");
        console.log("a notice [dokploy/advice As]", "and a value");
      }),
      [
        "1 of 2 services\n",
        "warning: [runtime] A warning of others\n",
        "a notice [dokploy/advice As] and a value\n",
      ],
    );
  });
});
