import { capital, shorten } from "../../packages/text";

/** Reason for a deployment, as far as it may be shown: names of variables, never their values. */
export interface Occasion {
  /** Pulumi project and stack. */
  readonly project: string;
  readonly stack?: string | undefined;
  /** Names of the variables that changed. */
  readonly changes?: {
    readonly added?: readonly string[];
    readonly changed?: readonly string[];
    readonly removed?: readonly string[];
  };
  /** Commit from which the program was run. */
  readonly commit?: string | undefined;
}

const TITLE_LENGTH = 100;
const NAME_LENGTH = 40;

/**
 * Returns the title and description of a deployment, which Dokploy shows to everybody and sends by email. The title
 * has at most 100 characters; the description names all changed variables and the commit.
 *
 * @example
 * deploymentTitle({ project: "shop", stack: "prod", changes: { added: ["NEW"], removed: ["OLD"] } });
 * // { title: "Pulumi shop/prod: +NEW -OLD", description: "Added NEW; removed OLD" }
 */
export function deploymentTitle(occasion: Occasion): { title: string; description: string } {
  const { added = [], changed = [], removed = [] } = occasion.changes ?? {};
  const head = headOf(occasion);
  const marked = [
    ...added.map((name) => `+${shorten(plain(name), NAME_LENGTH)}`),
    ...changed.map((name) => `~${shorten(plain(name), NAME_LENGTH)}`),
    ...removed.map((name) => `-${shorten(plain(name), NAME_LENGTH)}`),
  ];
  const lists = [list("added", added), list("changed", changed), list("removed", removed)];
  const commit = occasion.commit === undefined ? [] : [`commit ${plain(occasion.commit)}`];
  const description = [...lists.flat(), ...commit].join("; ");
  return {
    title: fill(head, marked),
    // A description that started with "Commit: " would look like one that Dokploy writes itself.
    description: description.startsWith("commit ") ? description : capital(description),
  };
}

/** Contents of a description by {@link deploymentTitle}. */
export interface Described {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly commit: string | undefined;
}

/** Reads a description that {@link deploymentTitle} wrote; undefined for any other text, also for an empty one. */
export function readDescription(description: string): Described | undefined {
  const found = new Map<string, string>();
  for (const part of description.split("; ")) {
    const [, word, rest] = /^(added|changed|removed|commit) (.+)$/i.exec(part) ?? [];
    if (word === undefined || rest === undefined || found.has(word.toLowerCase())) return undefined;
    found.set(word.toLowerCase(), rest);
  }
  const commit = found.get("commit");
  if (commit !== undefined && !isCommit(commit)) return undefined;
  const names = (word: string) => found.get(word)?.split(", ") ?? [];
  return { added: names("added"), changed: names("changed"), removed: names("removed"), commit };
}

/** True for a title that {@link deploymentTitle} wrote for this project and stack, also with something behind it. */
export function isTitleOf(title: string, where: Pick<Occasion, "project" | "stack">): boolean {
  const head = headOf(where);
  return title.startsWith(head) && /^(?:$|:| \[)/.test(title.slice(head.length));
}

function headOf({ project, stack }: Pick<Occasion, "project" | "stack">): string {
  const where = [project, stack].filter((part) => part !== undefined && part !== "");
  return shorten(plain(["Pulumi", where.join("/")].join(" ").trim()), TITLE_LENGTH / 2);
}

/** Variables of CI systems that contain the hash of the current commit. */
const COMMIT_VARIABLES = [
  "GITHUB_SHA", // GitHub Actions, Gitea, Forgejo
  "CI_COMMIT_SHA", // GitLab, Woodpecker
  "BITBUCKET_COMMIT",
  "BUILD_SOURCEVERSION", // Azure Pipelines
  "CIRCLE_SHA1",
  "DRONE_COMMIT_SHA",
  "BUILDKITE_COMMIT",
  "TRAVIS_COMMIT",
  "SEMAPHORE_GIT_SHA",
  "CODEBUILD_RESOLVED_SOURCE_VERSION",
  "COMMIT_SHA", // Google Cloud Build
  "GIT_COMMIT", // Jenkins
] as const;

/** Returns the commit that CI runs, from the variables of CI systems; undefined when none contains a commit hash. */
export function commitFromEnvironment(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return COMMIT_VARIABLES.map((name) => env[name]?.trim()).find(
    (value) => value !== undefined && isCommit(value),
  );
}

function isCommit(text: string): boolean {
  return /^[0-9a-f]{7,64}$/i.test(text);
}

/** Lists as many names as fit, and the number of the others. */
function fill(head: string, names: readonly string[]): string {
  if (names.length === 0) return head;
  for (let count = names.length; count > 0; count--) {
    const rest = names.length - count;
    const text = [`${head}:`, ...names.slice(0, count), ...(rest > 0 ? [`… +${rest} more`] : [])].join(" ");
    if (text.length <= TITLE_LENGTH) return text;
  }
  return `${head}: ${names.length} variables`;
}

function list(word: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${word} ${names.map(plain).join(", ")}`];
}

function plain(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ");
}
