import * as assert from "node:assert/strict";
import { about, connectEngine, currentRow, currentUrn, inRow, useNamespace } from "../../../provider/pulumi";

describe("messages without a connection to Pulumi", () => {
  const { log } = console;
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    console.log = (line: string) => lines.push(line);
  });
  afterEach(() => {
    console.log = log;
    useNamespace("dokploy");
  });

  it("are lines of the output, in which nothing is hidden and settings have their names in this stack", async () => {
    useNamespace("dokploy-native");
    const engine = connectEngine(undefined);
    const text = "dokploy:url is\u001b[2J not set";
    engine.warn(text, "server", "http://127.0.0.1:1");
    engine.inform(text, "advice");
    engine.progress(text);
    await engine.delivered();
    const shown = "dokploy-native:url is\\x1b[2J not set";
    const [warning = "", notice = "", ...progress] = lines;
    assert.ok(warning.startsWith(`warning: ${shown} [dokploy/server http://127.0.0.1:1 `), warning);
    assert.ok(notice.startsWith(`${shown} [dokploy/advice `), notice);
    assert.deepEqual(progress, [shown]);
    assert.equal(await engine.stack(), undefined);
  });
});

describe("the resource that work is about", () => {
  const places = async () => ({ message: currentUrn(), progress: currentRow() });

  it("has its messages and its progress; a row has progress alone, and the stack what no resource has", async () => {
    assert.deepEqual(await about("urn:a", places), { message: "urn:a", progress: "urn:a" });
    assert.deepEqual(await inRow("urn:b", places), { message: undefined, progress: "urn:b" });
    assert.deepEqual(await about("", places), { message: undefined, progress: undefined });
    assert.deepEqual(await places(), { message: undefined, progress: undefined });
  });

  it("stays the same where the progress has no other row", async () => {
    const inside = await about("urn:a", () => inRow(undefined, places));
    assert.deepEqual(inside, { message: "urn:a", progress: "urn:a" });
  });
});
