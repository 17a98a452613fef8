import type { Sources } from "../../provider/dokploy/settings/sources";
import { type Context, connect } from "../../provider/lifecycle/context";
import { Run } from "../../provider/lifecycle/run/run";

/** Returns a context for checks without a stack, which drops their warnings. */
export function quietContext(sources: Sources): Context {
  return connect(sources, new Run(async () => []), {
    warn: () => {},
    inform: () => {},
    progress: () => {},
    delivered: async () => {},
    stack: async () => undefined,
  });
}
