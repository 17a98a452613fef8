import { policyOf } from "../../../provider/dokploy/endpoint-policy";
import type { Endpoint } from "../../../provider/dokploy/endpoints";
import type { Answer, CallContext } from "../../../provider/dokploy/failure";
import { API_KEY } from "./http-server";

/** What is known of a call that failed at its first try. */
export function context(endpoint: Endpoint, more: Partial<CallContext> = {}): CallContext {
  return {
    endpoint,
    policy: policyOf(endpoint),
    input: { applicationId: "app-1", composeId: "cmp-1", environmentId: "env-1", projectId: "prj-1" },
    url: "https://dokploy.example.com",
    auth: "x-api-key",
    apiKey: API_KEY,
    keyWorked: false,
    tries: 1,
    maybeDone: false,
    ...more,
  };
}

/** What a server answered. */
export function answer(status: number, body: unknown, more: Partial<Answer> = {}): Answer {
  return {
    status,
    body: typeof body === "string" ? body : JSON.stringify(body),
    contentType: "application/json",
    location: undefined,
    retryAfter: undefined,
    ...more,
  };
}
