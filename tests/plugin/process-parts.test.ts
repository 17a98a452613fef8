import * as assert from "node:assert/strict";
import * as http2 from "node:http2";

import Module = require("node:module");

import * as pulumi from "@pulumi/pulumi";
import { loadSdkLazily, onFirstUse } from "../../plugin/lazy-sdk";
import { textOf } from "../../plugin/output";
import { refuseCalls } from "../../plugin/refusing";
import { failingWithOthers, handleErrors } from "../../plugin/rejections";
import { loadPackagesOfSdk, missingPackages } from "../../plugin/sdk-packages";
import { UserError } from "../../provider/errors/problem";
import { useNamespace } from "../../provider/pulumi/namespace";
import { noteSecret } from "../../sdk/run/hidden";

/** Runs work while a method of an object is another one. */
async function replaced<T extends object, K extends keyof T, R>(
  object: T,
  name: K,
  by: unknown,
  work: () => R | Promise<R>,
): Promise<R> {
  const own = object[name];
  object[name] = by as T[K];
  try {
    return await work();
  } finally {
    object[name] = own;
  }
}

describe("a plugin that cannot work", () => {
  const reason = "It needs 100 % of €.";
  async function port(): Promise<string> {
    return await new Promise((resolve) => {
      const { write } = process.stdout;
      process.stdout.write = (text) => {
        process.stdout.write = write;
        resolve(String(text).trim());
        return true;
      };
      refuseCalls(reason);
    });
  }
  const sessions: http2.ClientHttp2Session[] = [];
  // The process of the tests would wait for what a failed test leaves open.
  afterEach(() => {
    for (const session of sessions.splice(0)) session.destroy();
  });
  async function connected(address: string): Promise<http2.ClientHttp2Session> {
    const session = http2.connect(address);
    sessions.push(session);
    await new Promise((resolve, reject) => session.once("connect", resolve).once("error", reject));
    return session;
  }
  const closed = async (session: http2.ClientHttp2Session) =>
    await new Promise<void>((resolve) => session.close(resolve));
  async function called(session: http2.ClientHttp2Session, path: string) {
    const stream = session.request({ ":path": path, ":method": "POST" });
    const headers = await new Promise<http2.IncomingHttpHeaders>((resolve) =>
      stream.once("response", resolve),
    );
    stream.resume();
    assert.deepEqual([headers[":status"], headers["content-type"]], [200, "application/grpc+proto"]);
    return [headers["grpc-status"], decodeURI(String(headers["grpc-message"]))];
  }

  it("says why in each call, but has no handshake and nothing to cancel", async () => {
    const session = await connected(`http://127.0.0.1:${await port()}`);
    const service = "/pulumirpc.ResourceProvider";
    assert.deepEqual(await called(session, `${service}/Configure`), ["9", reason]);
    assert.deepEqual(await called(session, `${service}/CheckConfig`), ["9", reason]);
    assert.deepEqual(await called(session, `${service}/Handshake`), ["12", reason]);
    assert.deepEqual(await called(session, `${service}/Cancel`), ["12", reason]);
    await closed(session);
  });

  it("stays when Pulumi drops a call, and listens for this machine alone, at a port of its own", async () => {
    const addresses = [await port(), await port()];
    const [session, other] = await Promise.all(addresses.map((at) => connected(`http://127.0.0.1:${at}`)));
    const stream = session?.request({ ":path": "/x", ":method": "POST" }, { endStream: false });
    stream?.on("error", () => {});
    await new Promise((resolve) => stream?.once("response", resolve));
    await new Promise<void>((resolve) =>
      stream?.once("close", resolve).close(http2.constants.NGHTTP2_INTERNAL_ERROR),
    );
    for (const one of [session, other])
      assert.deepEqual((await called(one as http2.ClientHttp2Session, "/x"))[0], "9");
    // All of 127.0.0.0/8 is this machine, and only one address of it is asked.
    await assert.rejects(connected(`http://127.0.0.2:${addresses[0]}`), { code: "ECONNREFUSED" });
    for (const one of [session, other]) await closed(one as http2.ClientHttp2Session);
  });

  it("ends with its last connection, and not before", async () => {
    const address = `http://127.0.0.1:${await port()}`;
    const [first, second] = [await connected(address), await connected(address)];
    await closed(first);
    assert.deepEqual((await called(second, "/x"))[0], "9");
    const third = await connected(address);
    await closed(third);
    await closed(second);
    for (const end = Date.now() + 5_000; ; ) {
      try {
        await closed(await connected(address));
      } catch (error) {
        assert.match(String((error as NodeJS.ErrnoException).code), /^ECONN(?:REFUSED|RESET)$/);
        return;
      }
      assert.ok(Date.now() < end, "it still listens");
    }
  });
});

describe("the text of an error of the plugin", () => {
  it("is the message of what a user can mend, and has the stack of a bug", () => {
    assert.equal(textOf(new UserError("Give it a name.")), "Give it a name.");
    assert.match(textOf(new TypeError("x is not a function")), /^TypeError: x is not a function\n {4}at /);
    assert.equal(textOf("text"), "text");
    assert.equal(textOf(new pulumi.RunError("Give it a name.")), "Give it a name.");
    assert.equal(textOf({ message: "no", stack: "of something else" }), "no");
    assert.equal(textOf({}), "an error without a message");
    assert.deepEqual([undefined, null, 7].map(textOf), ["undefined", "null", "7"]);
  });

  it("hides the secrets that the process has read, and everything invisible", () => {
    noteSecret("canary-token-3");
    const text = "bad\u001b[2J canary-token-3";
    for (const error of [{ message: text }, text, new UserError(text)])
      assert.equal(textOf(error), "bad\\x1b[2J [secret]");
  });

  it("names the settings as Pulumi reads them", () => {
    useNamespace("dokploy-native");
    try {
      for (const error of [{ message: "dokploy:url" }, new UserError("dokploy:url")])
        assert.equal(textOf(error), "dokploy-native:url");
    } finally {
      useNamespace("dokploy");
    }
  });

  /** Returns the text of a bug in a process with this configuration of the stack. */
  const textWith = async (configuration: string, message: string) =>
    await replaced(process, "env", { ...process.env, PULUMI_CONFIG: configuration }, () =>
      textOf({ message }),
    );

  it("of a bug hides the whole configuration of the stack, also where that cannot be read", async () => {
    const configuration = JSON.stringify({ "shop:token": "canary-token-1", "shop:map": { a: "canary-4" } });
    assert.equal(await textWith(configuration, "bad canary-token-1"), "bad [secret]");
    assert.doesNotMatch(await textWith(configuration, `bad ${configuration}`), /canary/);
    assert.equal(await textWith("{canary-token-2", "bad {canary-token-2"), "bad [secret]");
  });

  it("of a bug shows words that every text has, though the configuration has them too", async () => {
    const configuration = JSON.stringify({ "shop:debug": "true", "shop:port": "8080" });
    assert.equal(await textWith(configuration, "true at 8080"), "true at 8080");
  });
});

describe("an error that nothing handles", () => {
  /** Returns the listeners that the plugin adds, which this process does not keep. */
  function listeners() {
    const names = ["unhandledRejection", "uncaughtException"] as const;
    const before = names.map((name) => process.listeners(name as "exit"));
    handleErrors();
    return names.map((name, at) => {
      const [added] = process.listeners(name as "exit").filter((one) => !before[at]?.includes(one));
      assert.ok(added);
      process.off(name, added);
      return added as unknown as (error: unknown) => void;
    });
  }
  /** Returns what is printed, and the code with which the process would end. */
  async function ended(work: () => void) {
    let printed = "";
    let code: number | undefined;
    const write = (text: string, done?: () => void) => {
      printed += text;
      done?.();
      return true;
    };
    await replaced(process.stderr, "write", write, () =>
      replaced(process, "exit", (given: number) => (code = given), work),
    );
    return { printed, code };
  }

  it("ends the process with its text, unless a component is created: that fails with it", async () => {
    const [onRejection, onException] = listeners();
    const error = new UserError("It broke.");
    assert.deepEqual(await ended(() => onRejection?.(error)), { printed: "It broke.\n", code: 1 });
    assert.deepEqual(await ended(() => onException?.(error)), { printed: "It broke.\n", code: 1 });
    assert.equal(await failingWithOthers(async () => 1), 1);
    assert.equal((await ended(() => onRejection?.(error))).code, 1);
    const work = failingWithOthers(() => new Promise(() => {}));
    assert.deepEqual(await ended(() => onRejection?.(error)), { printed: "", code: undefined });
    await assert.rejects(work, error);
    // Other resources of the component may fail later.
    assert.deepEqual(await ended(() => onRejection?.(error)), { printed: "It broke.\n", code: undefined });
    assert.equal((await ended(() => onException?.(error))).code, 1);
  });
});

describe("the packages of Pulumi's SDK", () => {
  const loader = Module as unknown as { _load: (...args: unknown[]) => unknown };
  const bySdk = { filename: "/x/node_modules/@pulumi/pulumi/runtime/index.js" };

  it("that take long are loaded at their first use, and only once", async () => {
    const loaded: unknown[] = [];
    const load = (request: string) => {
      loaded.push(request);
      return { version: request };
    };
    await replaced(loader, "_load", load, () => {
      loadSdkLazily();
      const typescript = loader._load("typescript", bySdk, false) as Record<string, unknown>;
      assert.equal(typescript["__esModule"], true);
      assert.deepEqual(loaded, []);
      assert.equal(typescript["version"], "typescript");
      assert.equal(typescript["version"], "typescript");
      assert.deepEqual(loaded, ["typescript"]);
      for (const [request, parent] of [
        ["typescript", { filename: "/x/program/index.js" }],
        ["typescript", undefined],
        ["./settings", bySdk],
      ])
        loader._load(request, parent, false);
      assert.deepEqual(loaded, ["typescript", "typescript", "typescript", "./settings"]);
    });
    for (const name of ["@npmcli/arborist", "./automation", "@opentelemetry/sdk-trace-node"])
      assert.ok(onFirstUse.test(name), name);
    for (const name of ["@opentelemetry/api", "./automation/x", "../automation", "typescript/lib"])
      assert.ok(!onFirstUse.test(name), name);
  });

  it("that the plugin itself uses are those of the SDK", async () => {
    const parents: unknown[] = [];
    const load = (_: string, parent: unknown) => parents.push(parent);
    const plugin = { filename: require.resolve("../../plugin/listen") };
    await replaced(loader, "_load", load, () => {
      loadPackagesOfSdk();
      const others = [
        ["@grpc/grpc-js", bySdk],
        ["@pulumi/pulumi", plugin],
        ["node:fs", plugin],
        ["google-protobuf-more", plugin],
        ["./google-protobuf", plugin],
        ["@grpc/grpc-js", undefined],
      ] as const;
      for (const [request, parent] of others) loader._load(request, parent, false);
      assert.deepEqual(
        parents,
        others.map(([, parent]) => parent),
      );
      parents.length = 0;
      for (const request of ["@grpc/grpc-js", "google-protobuf/google/protobuf/struct_pb"])
        loader._load(request, plugin, false);
    });
    // Now the SDK asks, and not the plugin.
    const bySdkItself = require.resolve("@pulumi/pulumi");
    assert.deepEqual(
      parents.map((parent) => (parent as { filename: string }).filename),
      [bySdkItself, bySdkItself],
    );
  });

  it("are missing where they or Pulumi's SDK are not installed, and a sentence says what to do", () => {
    assert.equal(missingPackages(), undefined);
    const without = (...missing: string[]) => missingPackages((name) => !missing.includes(name));
    assert.equal(
      without("@pulumi/pulumi"),
      "The plugin dokploy-native needs the npm package @pulumi/pulumi, which is not installed: " +
        "run npm install @pulumi/pulumi where pulumi-dokploy is installed.",
    );
    assert.equal(
      without("zod", "axios"),
      "The plugin dokploy-native needs the npm packages axios, zod, which are not installed: " +
        "run npm install axios zod where pulumi-dokploy is installed.",
    );
    // Optional, for policy packs.
    assert.equal(without("@pulumi/policy"), undefined);
  });
});
