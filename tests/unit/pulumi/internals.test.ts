import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { GetRootResourceRequest, LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { GetRootResourceResponse } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { CreateRequest, DeleteRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { unknownValue } from "../../../packages/values";
import {
  connectTo,
  engineAddress,
  rootUrn,
  secretMark,
  whenEngineEnds,
} from "../../../provider/pulumi/internals";

describe("undocumented behaviour of Pulumi's SDK in the provider's process", () => {
  const { runtime } = pulumi;

  it("an unknown value of a program arrives as the placeholder", async () => {
    assert.equal(await runtime.serializeProperty("input", pulumi.unknown, new Set()), unknownValue);
    assert.equal(runtime.unknownValue, unknownValue);
  });

  it("a value with the mark is a secret", () => {
    const [key, mark] = secretMark;
    const marked = { [key]: mark, value: "s" };
    assert.equal(runtime.isRpcSecret(marked), true);
    assert.equal(runtime.unwrapRpcSecret(marked), "s");
  });

  it("the engine's address is the only argument of a dynamic provider, and the last one of a plugin", () => {
    const given = process.argv;
    try {
      for (const flags of [[], ["--logtostderr", "-v=3"]]) {
        process.argv = ["node", "program", ...flags, "127.0.0.1:4711"];
        assert.equal(engineAddress(), "127.0.0.1:4711");
      }
      process.argv = ["node", "program"];
      assert.equal(engineAddress(), undefined);
    } finally {
      process.argv = given;
    }
  });

  it("connects only to an address", () => {
    for (const address of [undefined, "", "/a/file.ts", "--flag", "host", "host:port"])
      assert.equal(connectTo(address), false, address);
  });

  describe("connected to an engine", () => {
    const urn = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod";
    let server: grpc.Server;
    let address: string;
    let logged: { severity: number; message: string; ephemeral: boolean }[];
    before(async () => {
      logged = [];
      server = new grpc.Server();
      server.addService(EngineService, {
        log({ request }: { request: LogRequest }, done: grpc.sendUnaryData<Empty>) {
          logged.push(request.toObject());
          done(null, new Empty());
        },
        getRootResource(
          _: { request: GetRootResourceRequest },
          done: grpc.sendUnaryData<GetRootResourceResponse>,
        ) {
          const response = new GetRootResourceResponse();
          response.setUrn(urn);
          done(null, response);
        },
      } as unknown as grpc.UntypedServiceImplementation);
      const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
          error ? reject(error) : resolve(bound),
        ),
      );
      address = `127.0.0.1:${port}`;
      assert.equal(connectTo(address), true);
    });
    after(() => {
      runtime.resetOptions("", "", -1, "", "", false, "");
      server.forceShutdown();
    });

    it("messages arrive, and progress is not kept", async () => {
      await pulumi.log.warn("careful");
      await pulumi.log.info("waiting", undefined, undefined, true);
      assert.deepEqual(
        logged.map(({ message, ephemeral }) => ({ message, ephemeral })),
        [
          { message: "careful", ephemeral: false },
          { message: "waiting", ephemeral: true },
        ],
      );
    });

    it("the root resource has its URN", async () => assert.equal(await rootUrn(), urn));

    it("an engine has ended when nobody listens at its address, not before", async () => {
      let isEnded = false;
      const ended = new Promise<void>((resolve) =>
        whenEngineEnds(address, () => {
          isEnded = true;
          resolve();
        }),
      );
      assert.equal(await rootUrn(), urn);
      assert.equal(isEnded, false);
      server.forceShutdown();
      await ended;
    });

    it("a connection is kept", () => assert.equal(connectTo("127.0.0.1:1"), false));
  });

  describe("errors that handlers throw:", () => {
    const text = `
      require("node:module").createRequire(process.cwd() + "/")("ts-node/register/transpile-only");
      const load = require("node:module").createRequire(${JSON.stringify(__filename)});
      const { withoutTrace } = load("../../../provider/pulumi/internals");
      const fail = async () => {
        const failure = withoutTrace({ message: "no such port", id: "x", reasons: ["why"] });
        setImmediate(() => console.error("later"));
        throw failure;
      };
      exports.handler = () => ({ check: fail, diff: fail, create: fail, read: fail, update: fail, delete: fail });`;
    let child: ChildProcess;
    let client: ResourceProviderClient;
    let printed = "";
    before(async () => {
      child = spawn(process.execPath, [
        require.resolve("@pulumi/pulumi/cmd/dynamic-provider"),
        "127.0.0.1:1",
      ]);
      child.stderr?.on("data", (data) => {
        printed += data;
      });
      const [port] = (await once(child.stdout as Readable, "data")) as [Buffer];
      client = new ResourceProviderClient(
        `127.0.0.1:${String(port).trim()}`,
        grpc.credentials.createInsecure(),
      );
    });
    after(async () => {
      client?.close();
      child?.kill();
      if (child && child.exitCode === null && child.signalCode === null) await once(child, "exit");
    });

    const state = Struct.fromJavaScript({ __provider: text });

    it("the message arrives, and nothing else is printed", async () => {
      const request = new DeleteRequest();
      request.setId("x");
      request.setProperties(state);
      const error = await new Promise<grpc.ServiceError | null>((resolve) => client.delete(request, resolve));
      assert.equal(error?.details, "no such port");
      // Printed after a copy of the error, by a process of its own.
      if (!printed.includes("\n")) await once(child.stderr as Readable, "data");
      assert.equal(printed, "later\n");
    });

    it("an object that was created all the same has its id and what it lacks", async () => {
      const request = new CreateRequest();
      request.setProperties(state);
      const error = await new Promise<grpc.ServiceError | null>((resolve) => client.create(request, resolve));
      assert.equal(error?.details, "no such port");
      const [details] = error?.metadata.get("grpc-status-details-bin") ?? [];
      assert.match(String(details), /ErrorResourceInitFailed[\s\S]*\bx[\s\S]*why/);
    });
  });

  it("without an engine there is no root resource", async () => assert.equal(await rootUrn(), undefined));
});
