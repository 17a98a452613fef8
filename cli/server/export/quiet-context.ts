import type { Sources } from "../../../provider/dokploy";
import { type Context, connect, Run } from "../../../provider/lifecycle";

/** Returns a context for checks without a stack, which drops their warnings. */
export function quietContext(sources: Sources): Context {
  return connect(sources, new Run(async () => []), {
    warn: () => {},
    inform: () => {},
    progress: () => {},
    span: (_name, _facts, work) => work(() => {}),
    delivered: async () => {},
    stack: async () => undefined,
  });
}
