import { visible } from "../../packages/text";
import { hostOf, howToSetFormer } from "../dokploy";
import { UserError } from "../errors";
import { serverKey } from "../pulumi";
import type { Context } from "./context";
import type { Step } from "./pipeline";

type Values = Record<string, unknown>;

/**
 * Keeps each resource on the server where it was created. Ids mean nothing on another one: a refresh there would
 * find everything deleted, and the next update would create it again. Pulumi itself does not check this when an
 * address changes, or when a resource gets another provider. States of older versions name no server, and are
 * accepted.
 *
 * @param server returns the server of this run; undefined while it is unknown
 */
export function onServer(kind: string, server: () => Context["server"] | undefined): Step {
  const validate = (state: Values) => {
    const now = server();
    const then = state[serverKey];
    if (now === undefined || typeof then !== "string" || isOn(now, then)) return;
    const label = `${kind}${typeof state["name"] === "string" ? ` "${visible(state["name"])}"` : ""}`;
    const [former, present] = [nameOf(then, now.url), nameOf(now.url, then)];
    const { provider } = now;
    throw new UserError(
      `${label} is on ${former}, but this run works with ` +
        `${present}${provider ? `, the server of ${provider}` : ""}: a resource never moves from one server to ` +
        "another, so nothing was done. If both are addresses of one server, set the former one: " +
        `${howToSetFormer(visible(then), provider)} To have the resource on ${present} from now on, give it another name, and keep ` +
        `its provider or settings for ${former} until it is deleted there. If that server no longer exists, remove ` +
        "the resource from the state with `pulumi state delete`",
    );
  };
  const known = () => {
    const now = server();
    return now === undefined ? {} : { [serverKey]: now.url };
  };
  return {
    before(call) {
      // Pulumi compares a resource with its new server only after this check.
      if (call.handler === "check") return undefined;
      validate(call.state);
      // A read sees by it that a state has the object.
      return call.handler === "read" ? undefined : { ...call, state: without(call.state) };
    },
    after: ({ outs, props, ...answer }) => ({
      ...answer,
      ...(outs === undefined ? {} : { outs: { ...outs, ...known() } }),
      ...(props === undefined ? {} : { props: { ...props, ...known() } }),
    }),
    /** The rest of failed work is on the server too. */
    failed(error, { handler }) {
      const { properties } = error as { properties?: unknown };
      const isKept = handler === "create" || handler === "update";
      if (isKept && typeof properties === "object" && properties !== null) Object.assign(properties, known());
      return undefined;
    },
  };
}

/** Returns a state as the handlers know it. */
function without({ [serverKey]: _, ...state }: Values): Values {
  return state;
}

/** True when an address of the state is that of the server, or was. */
export function isOn({ url, formerUrl }: NonNullable<Context["server"]>, address: string): boolean {
  return address === url || address === formerUrl;
}

/** Returns the host, or the whole address where the other one has the same host. */
function nameOf(url: string, other: string): string {
  try {
    return visible(hostOf(url) === hostOf(other) ? url : hostOf(url));
  } catch {
    return visible(url);
  }
}
