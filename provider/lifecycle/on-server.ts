import { visible } from "../../packages/text/visible";
import { UserError } from "../errors/problem";
import { serverKey } from "../pulumi/stack-state";
import { hostOf } from "../settings/address";
import { howToSet, OLD_SETTINGS } from "../settings/table";
import type { Context } from "./context";
import type { Handlers } from "./handlers";

type Values = Record<string, unknown>;

/**
 * Keeps each resource on the server that it was made on. Ids mean nothing on another one: a refresh would find everything
 * deleted there, and the next update would make it once more. Pulumi itself asks nobody when an address changes, or when a
 * resource gets another provider. What an older version wrote names no server, and goes on.
 *
 * @param server where this run works; undefined while nobody can tell
 */
export function onServer(kind: string, all: Handlers, server: () => Context["server"] | undefined): Handlers {
  const vet = (state: Values) => {
    const now = server();
    const then = state[serverKey];
    if (now === undefined || typeof then !== "string" || isOn(now, then)) return;
    const label = `${kind}${typeof state["name"] === "string" ? ` "${visible(state["name"])}"` : ""}`;
    const [former, present] = [nameOf(then, now.url), nameOf(now.url, then)];
    const { provider } = now;
    throw new UserError(
      `${label} is on ${former}, and this run works with ${present}${provider ? `, the server of ${provider}` : ""}: a ` +
        "resource never goes from one server to another, so nothing was done. If it is one server under two addresses, " +
        `tell its former one: ${tell(then, provider)} If it is to be on ${present} from now on, give ` +
        `the resource another name, and keep what it had for ${former} (its provider, or its settings) until it is ` +
        "deleted there; where that server is gone, take the resource out of the state with `pulumi state delete`",
    );
  };
  const known = () => {
    const now = server();
    return now === undefined ? {} : { [serverKey]: now.url };
  };
  return {
    check: (olds, news) => all.check(olds, news),
    async diff(id, olds, news) {
      vet(olds);
      return await all.diff(id, without(olds), news);
    },
    async create(news) {
      const { id, outs } = await kept(all.create(news));
      return { id, outs: { ...outs, ...known() } };
    },
    async read(id, state) {
      vet(state);
      const { props, ...found } = await all.read(id, without(state));
      return props === undefined ? found : { ...found, props: { ...props, ...known() } };
    },
    async update(id, olds, news) {
      vet(olds);
      const { outs } = await kept(all.update(id, without(olds), news));
      return { outs: { ...outs, ...known() } };
    },
    async delete(id, state) {
      vet(state);
      await all.delete(id, without(state));
    },
  };

  /** What is left of work that failed is on the server too. */
  async function kept<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const { properties } = Object(error) as { properties?: unknown };
      if (typeof properties === "object" && properties !== null) Object.assign(properties, known());
      throw error;
    }
  }
}

/** How to set the former address. */
function tell(address: string, provider: string | undefined): string {
  const former = visible(address);
  const way =
    provider === undefined
      ? howToSet("formerUrl", former)
      : `${former} as the input formerUrl of ${provider}`;
  return `${way}. ${OLD_SETTINGS}`;
}

/** A state as the handlers know it. */
function without({ [serverKey]: _, ...state }: Values): Values {
  return state;
}

/** Whether an address of the state is that of the server, or was. */
export function isOn({ url, formerUrl }: NonNullable<Context["server"]>, address: string): boolean {
  return address === url || address === formerUrl;
}

/** The host, or all of the address where the other one has the same host. */
function nameOf(url: string, other: string): string {
  try {
    return visible(hostOf(url) === hostOf(other) ? url : hostOf(url));
  } catch {
    return visible(url);
  }
}
