import * as assert from "node:assert/strict";
import { connect } from "../../provider/lifecycle/context";
import type { Entity } from "../../provider/lifecycle/entity";
import { lifecycle } from "../../provider/lifecycle/handlers";
import type { Handlers } from "../../provider/lifecycle/pipeline";
import { Run } from "../../provider/lifecycle/run/run";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { untraced } from "../resources/untraced";
import type { Target } from "./scenarios";

/** Those that Pulumi calls, in a run of their own. */
export function handlersOf(kind: string, { server }: Target): Handlers {
  const definition = allDefinitions().find((each) => each.kind === kind);
  assert.ok(definition, `there is a ${kind}`);
  const { url, apiKey } = server;
  const settings: Readonly<Record<string, string>> = { url, apiKey, waitFor: "deployed" };
  const run = new Run(async () => []);
  const said = {
    warn() {},
    inform() {},
    progress() {},
    span: untraced,
    delivered: async () => {},
    stack: async () => "conformance",
  };
  const context = connect({ stack: (name) => settings[name], environment: {} }, run, said);
  return lifecycle(definition as unknown as Entity<never, never>, () => context, run);
}
