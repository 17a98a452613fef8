import { pluralOf } from "../../packages/text";
import { isId, notAnId } from "../../provider/schema";
import { checkTexts, type OneOf } from "./arguments";
import { LookupError, noneOfId, theOne } from "./error";
import { hosts } from "./git-hosts";
import { openLookup } from "./lookup";
import type { Reader } from "./reader";
import { callerOf } from "./words";

type Row = Readonly<Record<string, unknown>>;

interface ById {
  /** Id in Dokploy, which applications have as `source.githubId`. */
  readonly id: string;
}
interface ByName {
  /** Name, exactly as Dokploy shows it. */
  readonly name: string;
}

/** Argument that names a GitHub provider: its id or its name. */
export type GetGithubProviderArgs = OneOf<ById | ByName>;

/** A GitHub App that Dokploy has created. */
export interface GetGithubProviderResult extends ById, ByName {
  /** Name of the App on GitHub, or the address of its page; undefined until GitHub has created it. */
  readonly appName: string | undefined;
  /** Address of the GitHub server: `https://github.com`. */
  readonly url: string;
  /** True when the App exists and is installed, and Dokploy can read repositories. */
  readonly isConfigured: boolean;
}

/**
 * Returns an existing GitHub provider, found by its id or its name. No resource exists for it, since
 * its App is created and installed on GitHub's own pages in a browser.
 *
 * It is read in every run, including previews. To pass outputs as arguments use `getGithubProviderOutput`.
 *
 * @throws LookupError when no such provider exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id: githubId, isConfigured } = await dokploy.getGithubProvider({ name: "acme" });
 * ```
 */
export const provider = openLookup<GetGithubProviderArgs, GetGithubProviderResult>(
  "getGithubProvider",
  [["id"], ["name"]],
  async (args, reader) => {
    checkTexts(args);
    const { noun } = hosts.github;
    const advice = `${pluralOf(callerOf("githubProvider"))} lists the ids and names`;
    if (args.id !== undefined && !isId(args.id)) throw new LookupError(`id ${notAnId}. ${advice}.`);
    const all = await githubProviders(reader);
    if (args.id === undefined) {
      const where = { where: "Dokploy", noun, advice: "Give id instead of name." };
      return theOne(args.name ?? "", all, where);
    }
    const found = all.find(({ id }) => id === args.id);
    if (found === undefined) throw noneOfId(noun, args.id, advice);
    return found;
  },
);

/**
 * Returns all GitHub providers in Dokploy, sorted by name, including those whose App is not installed yet.
 *
 * They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const ready = (await dokploy.getGithubProviders()).filter(({ isConfigured }) => isConfigured);
 * ```
 */
export const providers = openLookup<object, readonly GetGithubProviderResult[]>(
  "getGithubProviders",
  [[]],
  (_, reader) => githubProviders(reader),
);

/** Lists the providers that the key may see. Only the list of all git providers shows none of their secrets. */
async function githubProviders(reader: Reader): Promise<GetGithubProviderResult[]> {
  const rows = (await reader.call("gitProvider.getAll", {})) as Row[];
  return rows
    .filter(({ github }) => github != null)
    .map(({ name, github }) => {
      const { githubId, githubAppName, githubUrl, isConfigured } = github as Row;
      return {
        id: String(githubId),
        name: String(name),
        appName: (githubAppName as string | null) ?? undefined,
        url: (githubUrl as string | undefined) ?? "https://github.com",
        isConfigured: isConfigured === true,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
