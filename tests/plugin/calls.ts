import { Metadata } from "@grpc/grpc-js";
import { Server } from "../../plugin/server";
import { identityKey } from "../../provider/pulumi/identity";
import { pluginPrefix } from "../../provider/pulumi/urn";
import type { Provider } from "../../provider/runtime";

export type Values = Record<string, unknown>;

export const urnOf = (kind: string) => `urn:pulumi:dev::shop::${pluginPrefix}${kind}::one`;

/** Calls a method of a server. */
export const call = <Response>(method: unknown, request: unknown = {}) =>
  new Promise<Response>((resolve, reject) => {
    (method as (call: object, done: (error: unknown, response: Response) => void) => void)(
      { request, metadata: new Metadata() },
      (error, response) => (error ? reject(error) : resolve(response)),
    );
  });

/** Makes a request, whose setters take these values. */
export function filled<Request extends object>(
  request: Request,
  values: Readonly<Record<string, unknown>>,
): Request {
  const setters = request as Record<string, (value: unknown) => void>;
  for (const [name, value] of Object.entries(values)) setters[`set${name}`]?.call(request, value);
  return request;
}

/** Calls of handlers, in their order. */
export class Calls {
  readonly all: (readonly [name: string, ...args: unknown[]])[] = [];

  /** Returns a server whose handlers note their calls, and give these results. */
  serverOf(results: Readonly<Record<string, unknown>> = {}): Server {
    const handlers = new Proxy(
      {},
      {
        get:
          (_, name: string) =>
          async (...args: unknown[]) => {
            this.all.push([name, ...args]);
            const result = results[name];
            return typeof result === "function" ? result(...args) : result;
          },
      },
    );
    return new Server(() => handlers as Provider);
  }

  /** Returns the arguments of the last call of a handler; undefined without one. */
  of(name: string): Values[] | undefined {
    return this.all.findLast(([called]) => called === name)?.slice(1) as Values[] | undefined;
  }
}

export const withoutIdentity = ({ [identityKey]: _, ...values }: Values) => values;
