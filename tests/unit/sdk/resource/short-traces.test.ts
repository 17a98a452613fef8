import * as assert from "node:assert/strict";
import { shortenTraces } from "../../../../sdk/resource/short-traces";

/** As a resource is registered: a few calls deep. */
function register(work: () => void): void {
  const traces = shortenTraces();
  try {
    const through = (depth: number): void => (depth === 0 ? work() : through(depth - 1));
    through(5);
  } catch (error) {
    throw traces.completed(error);
  } finally {
    traces.restore();
  }
}

function programsOwn(work: () => void): void {
  register(work);
}

function framesOf(error: unknown): string[] {
  return (error as Error).stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
}

describe("stack traces while a resource is registered", () => {
  const { stackTraceLimit } = Error;
  beforeEach(() => {
    Error.stackTraceLimit = 10;
  });
  afterEach(() => {
    Error.stackTraceLimit = stackTraceLimit;
    delete process.env["PULUMI_DEBUG_PROMISE_LEAKS"];
  });

  it("are short, and have their old length afterwards", () => {
    let meanwhile: string[] = [];
    register(() => {
      meanwhile = framesOf(new Error("any"));
    });
    assert.equal(meanwhile.length, 3);
    assert.equal(Error.stackTraceLimit, 10);
  });

  it("name the function that failed, and its callers", () => {
    const failing = () => {
      throw new Error("of a transformation");
    };
    assert.throws(
      () => programsOwn(failing),
      (error: Error) => {
        assert.equal(error.message, "of a transformation");
        assert.match(framesOf(error)[0] ?? "", /failing/);
        assert.match(framesOf(error).join("\n"), /register[\s\S]*programsOwn/);
        return true;
      },
    );
    assert.equal(Error.stackTraceLimit, 10);
  });

  it("pass on anything but an error unchanged", () => {
    const thrown = { reason: "any" };
    assert.throws(
      () =>
        register(() => {
          throw thrown;
        }),
      (error) => error === thrown,
    );
  });

  it("stay whole during a search for leaking promises", () => {
    process.env["PULUMI_DEBUG_PROMISE_LEAKS"] = "true";
    register(() => assert.ok(framesOf(new Error("any")).length > 3));
  });

  it("stay as short as the process has set them", () => {
    Error.stackTraceLimit = 1;
    register(() => assert.equal(framesOf(new Error("any")).length, 1));
    assert.equal(Error.stackTraceLimit, 1);
  });
});
