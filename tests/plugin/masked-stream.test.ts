import * as assert from "node:assert/strict";
import { once } from "node:events";
import { Writable } from "node:stream";
import { passThrough } from "../../plugin/masked-stream";

/** Holds each text until its line ends, and writes it in capitals. */
class Lines {
  private held = "";

  add(piece: string): string {
    const text = this.held + piece;
    const end = text.lastIndexOf("\n") + 1;
    this.held = text.slice(end);
    return text.slice(0, end).toUpperCase();
  }

  end(): string {
    return this.held.toUpperCase();
  }
}

/** A stream with the chunks that arrived, and the function that writes the rest. */
function stream({ isSlow = false } = {}): { stream: Writable; arrived: string[]; rest: () => void } {
  const arrived: string[] = [];
  const take = (text: string, done: () => void) => {
    arrived.push(text);
    if (isSlow) setImmediate(done);
    else done();
  };
  const made = new Writable({
    highWaterMark: 16,
    write: (chunk: Buffer, _encoding, done) => take(chunk.toString(), done),
    writev: (chunks, done) => take(chunks.map(({ chunk }) => String(chunk)).join(""), done),
  });
  return { stream: made, arrived, rest: passThrough(made, new Lines()) };
}

describe("a stream whose text passes others first", () => {
  it("writes what they show when they show it, and the rest at the end", () => {
    const { stream: to, arrived, rest } = stream();
    to.write("on");
    assert.deepEqual(arrived, []);
    to.write("e\ntw");
    assert.deepEqual(arrived, ["ONE\n"]);
    rest();
    assert.deepEqual(arrived, ["ONE\n", "TW"]);
  });

  it("keeps characters that are cut between two chunks", () => {
    const { stream: to, arrived, rest } = stream();
    for (const byte of Buffer.from("ä€😀\n")) to.write(Buffer.from([byte]));
    assert.deepEqual(arrived, ["Ä€😀\n"]);
    to.write(Buffer.from("é").subarray(0, 1));
    rest();
    assert.deepEqual(arrived, ["Ä€😀\n", "\ufffd"]);
  });

  it("takes the encoding of a text, and arrays of bytes", () => {
    const { stream: to, arrived } = stream();
    to.write("c3a40a", "hex");
    to.write("w6QK", "base64");
    to.write(new Uint8Array([98, 10]));
    assert.deepEqual(arrived, ["Ä\n", "Ä\n", "B\n"]);
  });

  it("takes the encoding of a text that the stream itself does not decode, and gives it bytes", () => {
    const arrived: unknown[] = [];
    const to = new Writable({
      decodeStrings: false,
      write: (chunk: Buffer, encoding, done) => {
        arrived.push(chunk.toString(), encoding);
        done();
      },
    });
    passThrough(to, new Lines());
    to.write("c3a40a", "hex");
    to.cork();
    to.write("c3", "hex");
    to.write("a40a", "hex");
    to.uncork();
    assert.deepEqual(arrived, ["Ä\n", "buffer", "Ä\n", "buffer"]);
  });

  it("calls back in the order of the writes, for text that is held too, and never before write returns", async () => {
    const { stream: to } = stream({ isSlow: true });
    const called: string[] = [];
    await new Promise<void>((resolve) => {
      to.write("a", () => called.push("held"));
      to.write("b\n", "utf8", () => called.push("line"));
      to.write("c\nd", () => called.push("both"));
      to.write("e", () => {
        called.push("last");
        resolve();
      });
      assert.deepEqual(called, []);
    });
    assert.deepEqual(called, ["held", "line", "both", "last"]);
  });

  it("says when the writer has to wait, and when it may continue", async () => {
    const { stream: to, arrived } = stream({ isSlow: true });
    assert.equal(to.write("a\n"), true);
    const drained = once(to, "drain");
    assert.equal(to.write(`${"b".repeat(20)}\n`), false);
    await drained;
    assert.deepEqual(arrived, ["A\n", `${"B".repeat(20)}\n`]);
  });

  it("passes the texts of end and of a corked stream", async () => {
    const { stream: to, arrived } = stream();
    to.cork();
    to.write("a");
    to.write("b\n");
    to.write("4344", "hex");
    to.uncork();
    assert.deepEqual(arrived, ["AB\n"]);
    const finished = once(to, "finish");
    to.end("e\n");
    await finished;
    assert.deepEqual(arrived, ["AB\n", "CDE\n"]);
  });

  it("refuses what no stream takes, and passes the errors of the stream", async () => {
    const { stream: to } = stream();
    assert.throws(() => to.write(7), { code: "ERR_INVALID_ARG_TYPE" });
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error("broken")) });
    passThrough(broken, new Lines());
    const failed = once(broken, "error");
    const [error] = await new Promise<unknown[]>((resolve) => broken.write("a\n", (...all) => resolve(all)));
    assert.match(String(error), /broken/);
    await failed;
  });
});
