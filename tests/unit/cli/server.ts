import type { Api } from "../../../provider/dokploy/endpoints";

/** An environment without variables. */
export const shared = { env: "", project: { env: "" } };

type Response = unknown | ((input: Record<string, unknown>) => unknown);

/** A server with these responses, each a value or a function of the input. */
export class Server {
  readonly calls: (readonly [endpoint: string, input: Record<string, unknown>])[] = [];
  readonly api: Api;

  constructor(responses: Readonly<Record<string, Response>>) {
    const call = async (endpoint: string, input: Record<string, unknown>) => {
      this.calls.push([endpoint, input]);
      const response = responses[endpoint];
      return typeof response === "function" ? response(input) : response;
    };
    this.api = { call } as unknown as Api;
  }

  /** Inputs of the calls of an endpoint. */
  inputs(endpoint: string): Record<string, unknown>[] {
    return this.calls.filter(([name]) => name === endpoint).map(([, input]) => input);
  }
}
