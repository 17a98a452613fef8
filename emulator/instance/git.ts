import { sha } from "./ids";
import { missingNames } from "./images";

/** Git repository as a deployment finds it. */
export interface Repository {
  /** First line of the newest commit's message: the final title of a deployment. */
  readonly message: string;
  /** Hash of the commit, 40 hex digits. */
  readonly hash: string;
  /** Makes the build fail with this line, for example `The command … returned a non-zero code: 7`. */
  readonly buildError?: string;
}

/** Git servers that the emulated Dokploy clones from. Repositories that nobody set exist with some commit. */
export class GitServers {
  private readonly known = new Map<string, Repository>();

  set(url: string, repository: Repository): void {
    this.known.set(url, repository);
  }

  /** @internal */
  clone(url: string, branch: string): Repository | { readonly error: "repository" | "branch" } {
    const known = this.known.get(url);
    const name =
      url
        .replace(/(\.git)?\/?$/, "")
        .split("/")
        .at(-1) ?? "";
    if (!known && missingNames.includes(name)) return { error: "repository" };
    if (missingNames.includes(branch)) return { error: "branch" };
    return known ?? { message: `Update ${name}`, hash: sha("sha1", `${url}#${branch}`) };
  }
}
