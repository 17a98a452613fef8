import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { UserError } from "../provider/errors";
import { about, type Failure } from "../provider/pulumi";
import { shown, textOf } from "./output";
import { type Path, sealed, type Values } from "./values";

type Call<Request> = grpc.ServerUnaryCall<Request, unknown>;
type Done<Response> = grpc.sendUnaryData<Response>;

/** Method of the server as gRPC calls it. */
export type Method<Request, Response> = (call: Call<Request>, done: Done<Response>) => void;

/**
 * Makes a method of the server. While it handles a request about a resource, all messages are shown at that resource.
 */
export function method<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
): Method<Request, Response> {
  return (call, done) => {
    const { request, metadata } = call;
    const { getUrn } = request as { getUrn?(): string };
    const [trace] = metadata.get("traceparent").map(String);
    about(getUrn?.call(request) ?? "", async () => handle(request), trace).then(
      (response) => done(null, response),
      (error: unknown) => done(statusOf(error)),
    );
  };
}

/** Makes a method that this plugin does not have. */
export function unimplemented(name: string): Method<unknown, never> {
  return (_call, done) => done({ code: grpc.status.UNIMPLEMENTED, details: name });
}

/** Error of a creation or an update after which the object exists all the same, with the properties it has. */
export class Unfinished extends UserError {
  constructor(
    { message, id, reasons }: Partial<Failure>,
    readonly properties: Values,
    readonly secrets: readonly Path[],
  ) {
    super(message ?? "");
    this.id = String(id);
    this.reasons = Array.isArray(reasons) ? reasons : [];
  }
  readonly id: string;
  readonly reasons: readonly string[];
}

/** Returns the status of a failed call. */
function statusOf(error: unknown): Partial<grpc.StatusObject> {
  const code = grpc.status.UNKNOWN;
  const details = textOf(error);
  if (!(error instanceof Unfinished)) return { code, details };
  const detail = new ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(sealed(error.properties, error.secrets));
  detail.setReasonsList(error.reasons.map(shown));
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(code);
  status.setMessage(details);
  status.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code, details, metadata };
}
