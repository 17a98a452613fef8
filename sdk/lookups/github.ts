import type { InputsOf, OneOf } from "./arguments";
import { gitHosts } from "./git-listing";
import { openLookup, outputForm, plainForm } from "./lookup";

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
/** Argument, which may be an output. */
export type GetGithubProviderOutputArgs = InputsOf<GetGithubProviderArgs>;

/** A GitHub App that Dokploy has created. */
export interface GetGithubProviderResult extends ById, ByName {
  /** Name of the App on GitHub, or the address of its page; undefined until GitHub has created it. */
  readonly appName: string | undefined;
  /** Address of the GitHub server: `https://github.com`. */
  readonly url: string;
  /** True when the App exists and is installed, and Dokploy can read repositories. */
  readonly isConfigured: boolean;
}

const provider = openLookup<GetGithubProviderArgs, GetGithubProviderResult>(
  "getGithubProvider",
  [["id"], ["name"]],
  (args, reader) => gitHosts().githubProvider(args, reader),
);

/**
 * Returns a GitHub provider that exists in Dokploy, found by its id or its name. No resource exists for it, since
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
export const getGithubProvider = plainForm(provider);

/**
 * Returns the result of {@link getGithubProvider} as an output. The argument may be an output. If it is unknown at
 * preview, the result is unknown too, and Dokploy is not called.
 */
export const getGithubProviderOutput = outputForm(provider);

const providers = openLookup<object, readonly GetGithubProviderResult[]>(
  "getGithubProviders",
  [[]],
  (_, reader) => gitHosts().githubProviders(reader),
);

/**
 * Returns all GitHub providers in Dokploy, sorted by name, including those whose App is not installed yet.
 *
 * They are read in every run, including previews.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const ready = (await dokploy.getGithubProviders()).filter(({ isConfigured }) => isConfigured);
 * ```
 */
export const getGithubProviders = plainForm(providers);

/** Returns the result of {@link getGithubProviders} as an output. */
export const getGithubProvidersOutput = outputForm(providers);
