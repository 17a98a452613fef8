import type { Repository } from "../instance/git";
import type { Instance } from "../instance/instance";
import type { ServiceRow } from "../instance/rows";
import type { Log } from "./log";

/** Result of the clone: the source of a deployment, or its log when the clone failed. */
export type Checkout = { readonly repository: Repository | undefined } | { readonly failed: string };

interface Source {
  readonly url: string | null;
  readonly branch: string | null;
  /** `applications` or `compose`. */
  readonly folder: string;
}

/** Fetches a service's source, as `deploy` does and `redeploy` does not. Sources without a clone need none. */
export function fetchSource(instance: Instance, service: ServiceRow, log: Log): Checkout {
  const source = sourceOf(instance, service);
  if (!source) return { repository: undefined };
  if ("provider" in source)
    return { failed: log.failedCommand(`Error: ❌ ${source.provider} Provider not found`) };
  const { url, branch, folder } = source;
  if (!url || !branch) return { failed: log.failedCommand("Error: ❌ Repository not found") };
  const path = `/etc/dokploy/${folder}/${service.appName}/code`;
  log.add(`Cloning Repo Custom ${url} to ${path}: ✅`, `Cloning into '${path}'...`);
  const repository = instance.git.clone(url, branch);
  if (!("error" in repository)) {
    log.add(...cloneProgress);
    return { repository };
  }
  if (repository.error === "repository") log.add(`fatal: repository '${url}/' not found`);
  else
    log.add(
      `warning: Could not find remote branch ${branch} to clone.`,
      `fatal: Remote branch ${branch} not found in upstream origin`,
    );
  return { failed: log.failedCommand(`❌ [ERROR] Fail to clone the repository ${url}`) };
}

/** Git providers: the name in logs, the host, and the prefix of the columns. */
const providers = {
  github: { name: "Github", host: "github.com", prefix: "" },
  gitlab: { name: "Gitlab", host: "gitlab.com", prefix: "gitlab" },
  bitbucket: { name: "Bitbucket", host: "bitbucket.org", prefix: "bitbucket" },
  gitea: { name: "Gitea", host: "gitea.com", prefix: "gitea" },
} as const;

function sourceOf(
  instance: Instance,
  service: ServiceRow,
): Source | { readonly provider: string } | undefined {
  const sourceType = String(service["sourceType"]);
  if (sourceType in providers) {
    const kind = sourceType as keyof typeof providers;
    const { name, host, prefix } = providers[kind];
    if (instance.connections.get(String(service[`${kind}Id`])) !== kind) return { provider: name };
    const column = (field: string) =>
      textOf(service[prefix === "" ? field : `${prefix}${field.charAt(0).toUpperCase()}${field.slice(1)}`]);
    return {
      url: `https://${host}/${column("owner")}/${column("repository")}.git`,
      branch: column("branch"),
      folder: "applicationId" in service ? "applications" : "compose",
    };
  }
  if (sourceType !== "git") return undefined;
  return {
    url: textOf(service["customGitUrl"]),
    branch: textOf(service["customGitBranch"]),
    folder: "applicationId" in service ? "applications" : "compose",
  };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

const cloneProgress = [
  "remote: Enumerating objects: 3, done.        ",
  "remote: Counting objects:  33% (1/3)        \rremote: Counting objects:  66% (2/3)        \rremote: Counting objects: 100% (3/3)        \rremote: Counting objects: 100% (3/3), done.        ",
  "remote: Compressing objects:  50% (1/2)        \rremote: Compressing objects: 100% (2/2)        \rremote: Compressing objects: 100% (2/2), done.        ",
  "remote: Total 3 (delta 0), reused 0 (delta 0), pack-reused 0        ",
  "Receiving objects:  33% (1/3)\rReceiving objects:  66% (2/3)\rReceiving objects: 100% (3/3)\rReceiving objects: 100% (3/3), done.",
];
