import { readFileSync } from "node:fs";
import * as path from "node:path";
import type * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { unknownValue } from "../packages/values";
import { interrupt } from "../provider/deploy";
import { inputOf, keyOfStackInCi, sourcesOf } from "../provider/dokploy";
import {
  type IdentityInput,
  identityKey,
  newProjectId,
  plainKey,
  pluginPackage,
  useNamespace,
} from "../provider/pulumi";
import { provider, report } from "../provider/runtime";
import { adoptsValue } from "../sdk/resource";
import { adoptedByFile } from "./adoption";
import {
  type Configuration,
  changedSettings,
  configurationOf,
  configurationOfStack,
  configurationProblems,
  failure,
  isMadeBySdk,
  serverOf,
} from "./configuration";
import { detailsOf } from "./details";
import { withEnvFiles } from "./env-files";
import { isImport, notFound, stateOf } from "./import";
import { secretByNature, withNamedParts, withYamlAdvice } from "./inputs";
import { PlanChecks, shownPath } from "./plan-checks";
import {
  bare,
  bareInputs,
  type HandlersOf,
  identified,
  ofOutputs,
  previewed,
  type Resource,
  resourceAt,
  saidByProgram,
  stableOutputs,
} from "./resources";
import { method, Unfinished, unimplemented } from "./rpc";
import { hasInputs, keptInputs, type Path, sealed, unsealed, type Values } from "./values";

const schemaFile = path.join(__dirname, "generated", "schema.json");
const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;

/** Server of the plugin: it passes the engine's calls to the handlers of `provider/`. */
export class Server {
  #configuration: Configuration = () => undefined;
  /** Undefined for a program of the Node.js SDK, which checks its resources together. */
  #checks: PlanChecks | undefined = new PlanChecks(() => sourcesOf(this.#configuration, process.env));
  /** True until the plan has named its server, unless the Node.js SDK names it. */
  #namesServer = false;

  constructor(private readonly handlersOf: HandlersOf = provider) {}

  handshake = method(() => {
    const response = new proto.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    return response;
  });

  getPluginInfo = method(() => {
    const info = new PluginInfo();
    info.setVersion(version());
    return info;
  });

  getSchema = method(() => {
    const response = new proto.GetSchemaResponse();
    response.setSchema(readFileSync(schemaFile, "utf8"));
    return response;
  });

  checkConfig = method((request: proto.CheckRequest) => {
    const { values, secrets } = unsealed(request.getNews());
    const response = new proto.CheckResponse();
    response.setInputs(sealed(values, [...secrets, ["apiKey"], [inputOf("apiKey")]]));
    response.setFailuresList(configurationProblems(values));
    return response;
  });

  diffConfig = method((request: proto.DiffRequest) => {
    const olds = unsealed(request.getOldInputs() ?? request.getOlds()).values;
    const changed = changedSettings(olds, unsealed(request.getNews()).values);
    const response = new proto.DiffResponse();
    response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList(changed);
    return response;
  });

  configure = method(async (request: proto.ConfigureRequest) => {
    const inputs = unsealed(request.getArgs()).values;
    if (isMadeBySdk(inputs)) this.#checks = undefined;
    else useNamespace(pluginPackage);
    this.#configuration = configurationOf(request.getName() ?? "", inputs, configurationOfStack());
    this.#namesServer = !isMadeBySdk(inputs);
    if (request.getId() === newProjectId) {
      const { tryCredentials } = require("./credentials") as typeof import("./credentials");
      await tryCredentials(this.#configuration);
    }
    const response = new proto.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  });

  check = method(async (request: proto.CheckRequest) => {
    const resource = await this.#at(request.getUrn());
    this.#nameServer();
    const olds = unsealed(request.getOlds()).values;
    const asked = unsealed(request.getNews());
    const read = await withEnvFiles(resource.kind, asked);
    const given = withNamedParts(resource.kind, read);
    for (const { text, code, isWarning } of read.notices) report(isWarning ? "warn" : "inform", text, code);
    const checked = this.#checks?.of(resource, asked, read) ?? { secrets: [], failures: [] };
    const secrets = [...given.secrets, ...secretByNature(resource.kind, given.values), ...checked.secrets];
    const isNew = !hasInputs(request.getOlds());
    const fromFile = isNew ? adoptedByFile(resource, request.getName(), this.#configuration) : undefined;
    const adopts = adoptsValue(resource.kind) ? undefined : fromFile;
    const { identity, name } = resource;
    const plain = [...read.plain, ...checked.secrets].map(shownPath);
    const about: IdentityInput = {
      ...(plain.length > 0 && { plain }),
      ...saidByProgram(given.values),
      ...{ identity, name, secrets },
      ...(adopts === undefined ? {} : { adopts }),
    };
    const result = await resource.handlers.check(isNew ? olds : identified(resource, olds), {
      ...given.values,
      ...(fromFile === adopts ? {} : { adopts: fromFile }),
      [identityKey]: about,
    });
    const response = new proto.CheckResponse();
    response.setInputs(sealed(keptInputs(bareInputs(result.inputs)), secrets));
    const problems = [...read.failures, ...given.failures, ...checked.failures, ...result.failures];
    response.setFailuresList(
      problems.map(({ property, reason }) =>
        failure(withYamlAdvice([property, reason].filter(Boolean).join(": "))),
      ),
    );
    return response;
  });

  diff = method(async (request: proto.DiffRequest) => {
    const resource = await this.#at(request.getUrn());
    const news = unsealed(request.getNews()).values;
    const olds = stateOf(resource, request.getOlds(), request.getOldInputs(), news).values;
    const result = await resource.handlers.diff(
      request.getId(),
      identified(resource, olds),
      identified(resource, news),
    );
    const response = new proto.DiffResponse();
    response.setStablesList([...stableOutputs(resource)]);
    response.setChanges(result.changes === false ? DIFF_NONE : DIFF_SOME);
    if (result.changes === false) return response;
    response.setReplacesList(result.replaces ?? []);
    response.setDeletebeforereplace(result.deleteBeforeReplace ?? false);
    const details = detailsOf(resource.entity, olds, news);
    for (const [property, kind] of details) {
      const detail = new proto.PropertyDiff();
      detail.setKind(kind);
      detail.setInputdiff(true);
      response.getDetaileddiffMap().set(property, detail);
    }
    response.setHasdetaileddiff(details.size > 0);
    response.setDiffsList([...new Set([...details.keys()].map((name) => name.split(/[.[]/)[0] ?? ""))]);
    return response;
  });

  create = method(async (request: proto.CreateRequest) => {
    const resource = await this.#at(request.getUrn());
    const { values, secrets } = unsealed(request.getProperties());
    const response = new proto.CreateResponse();
    if (request.getPreview()) {
      response.setProperties(sealed(previewed(resource, {}, values, unknownValue), secrets));
      return response;
    }
    const created = await keepingFacts(secrets, () => resource.handlers.create(identified(resource, values)));
    response.setId(created.id);
    response.setProperties(sealed(bare(created.outs), secrets));
    return response;
  });

  read = method(async (request: proto.ReadRequest) => {
    const resource = await this.#at(request.getUrn());
    const state = stateOf(resource, request.getProperties(), request.getInputs());
    const inputs = unsealed(request.getInputs());
    const id = request.getId();
    const isNew = Object.keys(state.values).length === 0;
    // It is among the inputs alone, since it is no output for programs.
    const { [plainKey]: plain } = inputs.values;
    const values = { ...state.values, ...(plain !== undefined && { [plainKey]: plain }) };
    const found = isImport(state.values, inputs.values)
      ? await resource.handlers.import(id)
      : {
          ...(await resource.handlers.read(id, identified(resource, values))),
          secrets: inputs.secrets,
        };
    const response = new proto.ReadResponse();
    response.setId(found.id);
    if (found.id === "" && isNew) throw notFound(resource, id);
    if (found.id === "") return response;
    const { secrets = [] } = found;
    response.setInputs(sealed(keptInputs(bareInputs(found.inputs ?? {})), secrets));
    response.setProperties(sealed(bare(found.props ?? {}), [...secrets, ...state.secrets]));
    return response;
  });

  update = method(async (request: proto.UpdateRequest) => {
    const resource = await this.#at(request.getUrn());
    const news = unsealed(request.getNews());
    const olds = stateOf(resource, request.getOlds(), request.getOldInputs(), news.values);
    const secrets = [...news.secrets, ...ofOutputs(resource, olds.secrets)];
    const response = new proto.UpdateResponse();
    if (request.getPreview()) {
      response.setProperties(sealed(previewed(resource, olds.values, news.values, unknownValue), secrets));
      return response;
    }
    const { outs } = await keepingFacts(secrets, () =>
      resource.handlers.update(
        request.getId(),
        identified(resource, olds.values),
        identified(resource, news.values),
      ),
    );
    response.setProperties(sealed(bare(outs), secrets));
    return response;
  });

  delete = method(async (request: proto.DeleteRequest) => {
    const resource = await this.#at(request.getUrn());
    const { values } = stateOf(resource, request.getProperties(), request.getOldInputs());
    await resource.handlers.delete(request.getId(), identified(resource, values));
    return new Empty();
  });

  invoke = method(async (request: proto.InvokeRequest) => {
    const { callFunction } = require("./functions") as typeof import("./functions");
    const args = unsealed(request.getArgs()).values;
    const { values, secrets } = await callFunction(request.getTok(), args, this.#configuration);
    const response = new proto.InvokeResponse();
    response.setReturn(sealed(values, secrets));
    return response;
  });

  /** Ends every wait for Dokploy, so that Pulumi can end the run and save the state. */
  cancel = method(() => {
    interrupt();
    return new Empty();
  });

  construct = method(async (request: proto.ConstructRequest) => {
    const { construct } = require("./construct") as typeof import("./construct");
    return await construct(request, this.#configuration, version());
  });

  attach = unimplemented("Attach");
  call = unimplemented("Call");
  getMapping = unimplemented("GetMapping");
  getMappings = unimplemented("GetMappings");
  parameterize = unimplemented("Parameterize");

  list(call: grpc.ServerWritableStream<unknown, unknown>): void {
    call.emit("error", { code: 12, details: "List" });
  }

  /** Names the server at the first resource of a program, also in an update: a plugin does not know whether it is in a preview. */
  #nameServer(): void {
    if (!this.#namesServer) return;
    this.#namesServer = false;
    const sources = sourcesOf(this.#configuration, process.env);
    const notice = serverOf(sources);
    if (notice !== undefined) report("inform", ...notice);
    const key = keyOfStackInCi(sources);
    if (key !== undefined) report("warn", key, "advice");
  }

  /** Returns the resource with a URN, whose handlers have the settings. */
  async #at(urn: string): Promise<Resource> {
    const resource = resourceAt(urn, this.handlersOf);
    await resource.handlers.configure({ config: { get: (key) => this.#configuration(key) } });
    return resource;
  }
}

let made: Server | undefined;

/** Returns the server of this process. */
export function shared(): Server {
  made ??= new Server();
  return made;
}

function version(): string {
  return (JSON.parse(readFileSync(schemaFile, "utf8")) as { version: string }).version;
}

/** @throws Unfinished when the object exists though the work failed */
async function keepingFacts<T>(secrets: readonly Path[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { properties } = error as { properties?: Values };
    throw properties === undefined ? error : new Unfinished(error as Error, bare(properties), secrets);
  }
}
