import type { Emulator } from "../../emulator";
import { insteadOf, isThisMachine, someOf, visible } from "../../packages/text";
import { isRecord } from "../../packages/values";
import { UserError } from "../../provider/errors";
import { listOption, UsageError } from "../terminal";

/** Options that name failures, for a new emulator and for one that runs. */
export const failureOptions = {
  "missing-image": listOption("NAME", "Image that no registry has, e.g. acme/api:2, so its deployment fails"),
  "failing-command": listOption(
    "TEXT",
    "Text of a command, e.g. of a release, that then ends with exit code 1",
  ),
};

/** Options that name a service, which must exist: by its name, its appName or its id. */
export const serviceFailureOptions = {
  "failing-build": listOption("SERVICE", "Service of a running emulator whose deployments fail"),
  crashing: listOption(
    "SERVICE",
    "Service of a running emulator whose containers crash from its next deployment on",
  ),
};

type FailureName = keyof typeof failureOptions | keyof typeof serviceFailureOptions;

/** Changes of a request: names of failures that begin, and of those that end. */
export type FailureChanges = Readonly<Partial<Record<FailureName | "end", readonly string[]>>>;

/** A failure that an emulator simulates. */
export interface Failure {
  readonly failure: FailureName;
  /** Name that a person gave. */
  readonly name: string;
}

const failureNames = Object.keys({ ...failureOptions, ...serviceFailureOptions }) as FailureName[];
/** Path of the emulator at which its failures change. Dokploy has none of this name. */
export const failuresPath = "/failures";

/** The failures that the options of an emulator name. */
export class Failures {
  /** Ends of failures, by failure and name. */
  readonly #ends = new Map<string, Failure & { readonly end: () => void }>();

  constructor(private readonly emulator: Emulator) {}

  /**
   * Begins and ends failures.
   *
   * @returns the failures that apply now
   * @throws UserError for a name that the emulator does not know; then nothing has changed
   */
  change(given: FailureChanges): readonly Failure[] {
    const wanted = failureNames.flatMap((failure) =>
      (given[failure] ?? []).map((name) => ({ failure, name })),
    );
    const begins = wanted.map((each) => ({ ...each, begin: this.#beginning(each) }));
    const ended = (given.end ?? []).flatMap((name) => this.#named(name));
    for (const [key, { end }] of ended) {
      end();
      this.#ends.delete(key);
    }
    for (const { failure, name, begin } of begins)
      this.#ends.set(`${failure} ${name}`, { failure, name, end: begin() });
    return [...this.#ends.values()].map(({ failure, name }) => ({ failure, name }));
  }

  /** Returns a function that begins a failure, and returns the one that ends it. */
  #beginning({ failure, name }: Failure): () => () => void {
    const { emulator } = this;
    const { missing } = emulator.registry;
    switch (failure) {
      case "missing-image":
        return () => {
          missing.add(name);
          return () => missing.delete(name);
        };
      case "failing-command":
        return () => {
          emulator.setCommand(name, { kind: "crash-loop", exitCode: 1 });
          return () => emulator.setCommand(name, undefined);
        };
      case "failing-build": {
        const id = this.#serviceId(name);
        return () => {
          emulator.setOutcome(id, { status: "error", log: "The build failed: the emulator simulates that." });
          return () => emulator.setOutcome(id, undefined);
        };
      }
      case "crashing": {
        const id = this.#serviceId(name);
        return () => {
          emulator.setContainers(id, {
            kind: "crash-loop",
            output: "The container crashes: the emulator simulates that.",
          });
          return () => emulator.setContainers(id, undefined);
        };
      }
    }
  }

  #named(name: string) {
    const found = [...this.#ends].filter(([, failure]) => name === "all" || failure.name === name);
    if (found.length > 0 || name === "all") return found;
    const known = [...this.#ends.values()].map((failure) => failure.name);
    throw new UserError(
      `No failure is called ${visible(name)}; there ${known.length === 0 ? "are none" : `are ${someOf(known)}`}.`,
    );
  }

  #serviceId(given: string): string {
    const services = this.emulator.services();
    const found = services.filter(({ id, name, appName }) => [id, name, appName].includes(given));
    const [service, ...more] = found;
    if (service === undefined)
      throw new UserError(
        `The emulator has no service ${visible(given)}; ${insteadOf(
          given,
          services.map(({ name }) => name),
        )}`,
      );
    if (more.length === 0) return service.id;
    const ids = found.map(({ appName }) => visible(appName));
    throw new UserError(
      `The emulator has several services ${visible(given)}: name one as ${someOf(ids, " or ")}.`,
    );
  }
}

/**
 * Changes the failures of an emulator that runs in another process.
 *
 * @returns the failures that apply now
 * @throws UsageError when the settings name no emulator; UserError for a name that it does not know
 */
export async function changeFailures(
  changes: FailureChanges,
  { DOKPLOY_URL: url = "", DOKPLOY_API_KEY: key = "" }: NodeJS.ProcessEnv,
): Promise<readonly Failure[]> {
  if (url === "" || key === "")
    throw new UsageError("Set DOKPLOY_URL and DOKPLOY_API_KEY, as the emulator has printed them.");
  if (!URL.canParse(url) || !isThisMachine(new URL(url).hostname))
    throw new UsageError(`DOKPLOY_URL is ${visible(url)}, and an emulator runs on this machine.`);
  const none = `There is no emulator at ${visible(url)}: start one with "pulumi-dokploy emulator".`;
  let response: Response;
  try {
    response = await fetch(new URL(failuresPath, url), {
      method: "POST",
      headers: { "x-api-key": key, "content-type": "application/json" },
      body: JSON.stringify(changes),
      redirect: "error",
    });
  } catch {
    throw new UserError(none);
  }
  if (response.status === 401)
    throw new UserError(`The emulator at ${visible(url)} has another key than DOKPLOY_API_KEY.`);
  const answer: unknown = await response.json().catch(() => undefined);
  if (isRecord(answer) && typeof answer["error"] === "string") throw new UserError(answer["error"]);
  if (isRecord(answer) && Array.isArray(answer["failures"])) return answer["failures"] as Failure[];
  throw new UserError(none);
}

/**
 * Handles a request of {@link changeFailures} in the process of the emulator.
 *
 * @param body as it came
 */
export function handleChange(failures: Failures, body: unknown): object {
  try {
    const given = isRecord(body) ? body : {};
    const lists = [...failureNames, "end"].flatMap((name): [string, string[]][] => {
      const list = given[name];
      return Array.isArray(list) && list.every((each) => typeof each === "string") ? [[name, list]] : [];
    });
    return { failures: failures.change(Object.fromEntries(lists)) };
  } catch (error) {
    if (error instanceof UserError) return { error: error.message };
    throw error;
  }
}
