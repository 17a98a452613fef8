import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GetRootResourceResponse, type LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  type RegisterResourceRequest,
  RegisterResourceResponse,
  type ResourceInvokeRequest,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** The built plugin. */
const plugin = path.join(__dirname, "..", "..", "plugin", "pulumi-resource-dokploy-native");

type Answer<Response> = grpc.sendUnaryData<Response>;

/** What the plugin needs of Pulumi's engine. Resources that it registers exist at once, and its messages are kept. */
export class Engine {
  readonly messages: string[] = [];
  readonly requests: RegisterResourceRequest[] = [];
  /** Arguments of the functions that it was asked to call. */
  readonly invoked: object[] = [];
  readonly #held: (() => void)[] = [];
  #ask: () => void = () => {};
  readonly #server = new grpc.Server();
  readonly #registrations = new grpc.Server();
  address = "";
  /** Address to which resources are registered. */
  monitor = "";

  /** @param isBusy true when it holds back its response to outputs of components */
  static async start({ isBusy = false } = {}): Promise<Engine> {
    const engine = new Engine();
    const empty = (_call: unknown, done: Answer<Empty>) => done(null, new Empty());
    engine.#server.addService(EngineService, {
      log: ({ request }: { request: LogRequest }, done: Answer<Empty>) => {
        engine.messages.push(request.getMessage());
        done(null, new Empty());
      },
      getRootResource: (_call: unknown, done: Answer<GetRootResourceResponse>) =>
        done(null, new GetRootResourceResponse()),
      setRootResource: empty,
    } as unknown as grpc.UntypedServiceImplementation);
    engine.#registrations.addService(ResourceMonitorService, {
      supportsFeature: (_call: unknown, done: Answer<SupportsFeatureResponse>) => {
        const response = new SupportsFeatureResponse();
        response.setHassupport(true);
        done(null, response);
      },
      registerResource: (
        { request }: { request: RegisterResourceRequest },
        done: Answer<RegisterResourceResponse>,
      ) => {
        engine.requests.push(request);
        const response = new RegisterResourceResponse();
        response.setUrn(`urn:pulumi:dev::shop::${request.getType()}::${request.getName()}`);
        response.setId(request.getCustom() ? `id-${request.getName()}` : "");
        response.setObject(request.getObject() ?? new Struct());
        done(null, response);
      },
      registerResourceOutputs: (call: unknown, done: Answer<Empty>) => {
        if (!isBusy) return empty(call, done);
        engine.#held.push(() =>
          done({ code: grpc.status.UNAVAILABLE, details: "resource monitor shut down" }),
        );
        engine.#ask();
      },
      invoke: ({ request }: { request: ResourceInvokeRequest }, done: Answer<proto.InvokeResponse>) => {
        engine.invoked.push(request.getArgs()?.toJavaScript() ?? {});
        const response = new proto.InvokeResponse();
        response.setReturn(new Struct());
        done(null, response);
      },
      signalAndWaitForShutdown: empty,
    } as unknown as grpc.UntypedServiceImplementation);
    const [address = "", monitor = ""] = await Promise.all(
      [engine.#server, engine.#registrations].map(
        (server) =>
          new Promise<string>((resolve, reject) => {
            server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
              error ? reject(error) : resolve(`127.0.0.1:${port}`),
            );
          }),
      ),
    );
    return Object.assign(engine, { address, monitor });
  }

  /** Refuses the outputs that it has not responded to, as Pulumi does when a run fails. */
  async refuse(): Promise<void> {
    if (this.#held.length === 0) {
      await new Promise<void>((resolve) => {
        this.#ask = resolve;
      });
    }
    for (const refuse of this.#held.splice(0)) refuse();
  }

  /** Names of the resources that it has registered. */
  get registered(): string[] {
    return this.requests.map((request) => request.getName());
  }

  close(): void {
    this.#server.forceShutdown();
    this.#registrations.forceShutdown();
  }
}

/** A process of the built plugin, as Pulumi starts it. */
export class PluginProcess {
  /** Everything that it has printed after its port. */
  output = "";
  readonly ended: Promise<number | null>;

  private constructor(
    readonly process: ChildProcess,
    readonly client: ResourceProviderClient,
  ) {
    this.ended = once(process, "close").then(([code]) => code as number | null);
    process.stderr?.on("data", (chunk: Buffer) => {
      this.output += chunk.toString();
    });
    process.stdout?.on("data", (chunk: Buffer) => {
      this.output += chunk.toString();
    });
  }

  /**
   * @param config configuration of the stack, decrypted
   * @param options of Node.js, before the plugin's file
   * @param file the built file that it starts with
   */
  static async start(
    engine: Engine,
    {
      dir,
      config = {},
      options = [],
      file = plugin,
    }: { dir: string; config?: object; options?: string[]; file?: string },
  ): Promise<PluginProcess> {
    const child = spawn(process.execPath, [...options, file, engine.address], {
      cwd: dir,
      env: { ...process.env, PULUMI_CONFIG: JSON.stringify(config), PULUMI_PROJECT: "shop" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines = createInterface({ input: child.stdout });
    const [port] = (await once(lines, "line")) as [string];
    lines.close();
    child.stdout.resume();
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    return new PluginProcess(child, client);
  }

  /** Creates a component. @returns the message of the error; undefined after a success */
  async construct(request: proto.ConstructRequest): Promise<string | undefined> {
    return await new Promise((resolve) => {
      this.client.construct(request, (error) => resolve(error?.details));
    });
  }

  /** Waits until the process has done what it had to do, or has ended. */
  async idle(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) {
      await new Promise((resolve) => this.client.getPluginInfo(new Empty(), resolve));
    }
  }

  /** Ends the process, and returns when all of its output has arrived. */
  async stop(): Promise<void> {
    this.client.close();
    if (this.process.exitCode === null) this.process.kill();
    await this.ended;
  }
}

/** Makes the request of a component in a preview, all of whose configuration is secret. */
export function componentRequest(
  engine: Engine,
  type: string,
  inputs: object,
  config: Readonly<Record<string, string>> = {},
): proto.ConstructRequest {
  const request = new proto.ConstructRequest();
  request.setProject("shop");
  request.setStack("dev");
  request.setDryrun(true);
  request.setParallel(4);
  request.setMonitorendpoint(engine.monitor);
  request.setType(type);
  request.setName("shop");
  request.setInputs(Struct.fromJavaScript(inputs as never));
  for (const [key, value] of Object.entries(config)) request.getConfigMap().set(key, value);
  request.setConfigsecretkeysList(Object.keys(config));
  return request;
}
