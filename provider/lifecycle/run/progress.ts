import { shorten } from "../../../packages/text";
import { currentUrn } from "../../pulumi";

/** More would not fit into the row of a terminal. */
const MAX_SERVICES = 3;
/** Maximum number of characters of a failure: its first line, cut. The diagnostics at the end contain all of it. */
const MAX_FAILURE_LENGTH = 300;

/**
 * Shows in one line what the services of a run wait for. Handlers of dynamic providers do not learn which resource
 * they work for, so every message is shown in the row of the stack, where the last one wins: lines of single
 * services would hide each other. Only the newest state has its seconds; those of the others would be old. The plugin
 * learns the resource, and shows each service in its row.
 *
 * @example
 * const progress = new Progress((line) => engine.progress(line));
 * progress.tell("web: deploying, 12 s");
 * progress.tell("api: deployment queued behind 1"); // api: deployment queued behind 1 | web: deploying
 */
export class Progress {
  /** State of each waiting service, the newest last. */
  private readonly states = new Map<string, string>();

  /** @param hide removes secrets, before a text is cut: half a secret would not be recognised */
  constructor(
    private readonly send: (line: string) => void,
    private readonly hide: (text: string) => string = (text) => text,
  ) {}

  /** @param told `<service>: <state>`, with its seconds at the end where it has any */
  report(reported: string): void {
    const line = this.hide(reported);
    const service = /^(.*?): /.exec(line)?.[1] ?? line;
    this.states.delete(service);
    // In the plugin, each resource has its own row.
    const others = currentUrn() === undefined ? [...this.states.values()].reverse() : [];
    this.states.set(service, line.replace(/, (?:\d+ min ?)?(?:\d+ s)?$/, ""));
    const more = others.length - (MAX_SERVICES - 1);
    this.send(
      [line, ...others.slice(0, MAX_SERVICES - 1), ...(more > 0 ? [`${more} more wait`] : [])].join(" | "),
    );
  }

  /** Removes a service that no longer waits, and reports a failure at once, as the run may continue for long. */
  end(name: string, failure?: Error): void {
    const service = this.hide(name);
    this.states.delete(service);
    if (failure === undefined) return;
    const [first = ""] = this.hide(failure.message).split("\n");
    this.send(`${service} failed: ${shorten(first, MAX_FAILURE_LENGTH)}`);
  }
}
