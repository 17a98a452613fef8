import * as assert from "node:assert/strict";
import type { ServiceError } from "@grpc/grpc-js";
import { Metadata } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Server } from "../../plugin/server";
import { type Path, sealed, unsealed, valueAt } from "../../plugin/values";
import type { Handlers } from "../../provider/lifecycle/pipeline";
import { providerKey } from "../../provider/pulumi/handlers-text";
import { identityKey } from "../../provider/pulumi/identity";
import { pluginPrefix } from "../../provider/pulumi/urn";

type Values = Record<string, unknown>;
type Call<Request, Response> = (
  call: never,
  done: (error: Partial<ServiceError> | null, response?: Response | null) => void,
) => unknown & { request?: Request };

/**
 * Returns handlers that reach the given ones through the plugin's server, in the form in which Pulumi sends values. What
 * dynamic providers add to the inputs names the resource here, and is sent as its URN.
 */
export function throughPlugin(kind: string, handlers: Handlers): Handlers {
  const server = new Server(() => ({ ...handlers, configure: async () => {} }));
  const urnOf = (values: Values) => {
    const { [identityKey]: given } = values;
    const { identity = given } = Object(given) as { identity?: unknown };
    return `urn:pulumi:test::story::${pluginPrefix}${kind}::${String(identity ?? kind)}`;
  };
  /** Marks of the inputs that the check of each resource returned, as the engine keeps them. */
  const marks = new Map<string, readonly Path[]>();
  const marksOf = (values: Values) => marks.get(urnOf(values)) ?? [];
  const sent = (
    { [identityKey]: _, [providerKey]: _text, ...values }: Values,
    secrets: readonly Path[] = [],
  ) => sealed(values, secrets);
  /** Reads values, all of which must be marked that are secret in the inputs. */
  const received = (struct: Struct | undefined, secrets: readonly Path[]): Values => {
    const { values, secrets: marked } = unsealed(struct);
    const lost = secrets.filter(
      (path) => valueAt(values, path) !== undefined && !marked.some((mark) => isWithin(path, mark)),
    );
    assert.deepEqual(lost, [], `the plugin lost the marks of secrets in ${kind}`);
    return values;
  };
  const call = <Request, Response>(method: unknown, request: Request): Promise<Response> =>
    new Promise((resolve, reject) => {
      (method as Call<Request, Response>)(
        { request, metadata: new Metadata() } as never,
        (error, response) => {
          if (error) reject(failureOf(error));
          else resolve(response as Response);
        },
      );
    });
  return {
    async check(olds, news) {
      const request = new proto.CheckRequest();
      const { secrets: ofProgram = [] } = Object(news[identityKey]) as { secrets?: readonly Path[] };
      request.setUrn(urnOf(news));
      request.setOlds(sent(olds, marksOf(news)));
      request.setNews(sent(news, ofProgram));
      const response = await call<proto.CheckRequest, proto.CheckResponse>(server.check, request);
      const inputs = received(response.getInputs(), ofProgram);
      marks.set(urnOf(news), unsealed(response.getInputs()).secrets);
      const { [providerKey]: text } = news;
      const { [identityKey]: given } = news;
      const { identity = given } = Object(given) as { identity?: unknown };
      return {
        inputs: {
          ...inputs,
          ...(text === undefined ? {} : { [providerKey]: text }),
          ...(identity === undefined ? {} : { [identityKey]: identity }),
        },
        failures: response
          .getFailuresList()
          .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
      };
    },
    async diff(id, olds, news) {
      const request = new proto.DiffRequest();
      request.setId(id);
      request.setUrn(urnOf(news));
      request.setOlds(sent(olds, marksOf(news)));
      request.setNews(sent(news, marksOf(news)));
      const response = await call<proto.DiffRequest, proto.DiffResponse>(server.diff, request);
      return {
        changes: response.getChanges() !== proto.DiffResponse.DiffChanges.DIFF_NONE,
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },
    async create(inputs) {
      const request = new proto.CreateRequest();
      request.setUrn(urnOf(inputs));
      request.setProperties(sent(inputs, marksOf(inputs)));
      const response = await call<proto.CreateRequest, proto.CreateResponse>(server.create, request);
      return { id: response.getId(), outs: received(response.getProperties(), marksOf(inputs)) };
    },
    async read(id, state) {
      const request = new proto.ReadRequest();
      request.setId(id);
      request.setUrn(urnOf(state));
      request.setProperties(sent(state, marksOf(state)));
      const response = await call<proto.ReadRequest, proto.ReadResponse>(server.read, request);
      if (response.getId() === "") return { id: "" };
      return {
        id: response.getId(),
        inputs: unsealed(response.getInputs()).values,
        props: received(response.getProperties(), marksOf(state)),
      };
    },
    async import(id) {
      const request = new proto.ReadRequest();
      request.setId(id);
      request.setUrn(urnOf({}));
      const response = await call<proto.ReadRequest, proto.ReadResponse>(server.read, request);
      if (response.getId() === "") return { id: "" };
      const { values, secrets } = unsealed(response.getInputs());
      return {
        id: response.getId(),
        inputs: values,
        props: unsealed(response.getProperties()).values,
        secrets,
      };
    },
    async update(id, olds, news) {
      const request = new proto.UpdateRequest();
      request.setId(id);
      request.setUrn(urnOf(news));
      request.setOlds(sent(olds, marksOf(news)));
      request.setNews(sent(news, marksOf(news)));
      const response = await call<proto.UpdateRequest, proto.UpdateResponse>(server.update, request);
      return { outs: received(response.getProperties(), marksOf(news)) };
    },
    async delete(id, state) {
      const request = new proto.DeleteRequest();
      request.setId(id);
      request.setUrn(urnOf(state));
      request.setProperties(sent(state));
      await call(server.delete, request);
    },
  };
}

/** True at or below a mark: a secret map is marked as a whole. */
function isWithin(path: Path, mark: Path): boolean {
  return mark.every((name, at) => path[at] === name);
}

/** Returns the error of a call as Pulumi reads it: an object that exists all the same has an id and properties. */
function failureOf({ details = "", metadata }: Partial<ServiceError>): Error {
  const failure = new Error(details);
  const [packed] = metadata?.get("grpc-status-details-bin") ?? [];
  if (!(packed instanceof Uint8Array)) return failure;
  const [detail] = Status.deserializeBinary(packed).getDetailsList();
  const found = ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
  return Object.assign(failure, {
    id: found.getId(),
    properties: unsealed(found.getProperties()).values,
    reasons: found.getReasonsList(),
  });
}
