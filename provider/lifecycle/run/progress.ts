import { counted, shorten } from "../../../packages/text";
import { currentRow, parseUrn } from "../../pulumi";

/** More would not fit into the row of a terminal. */
const MAX_SERVICES = 3;
/** Maximum number of characters of a failure: its first line, cut. The diagnostics at the end contain all of it. */
const MAX_FAILURE_LENGTH = 300;

/** Options of {@link Progress}. */
export interface ProgressOptions {
  /** Shows a line in the row of a resource; without a URN, in that of the stack. */
  readonly send: (line: string, urn: string | undefined) => void;
  /** Removes secrets, before a text is cut: half a secret would not be recognised. */
  readonly hide?: (text: string) => string;
  /** True when each line is kept, as in the log of a CI: then only changes of phase are reported. */
  readonly isLog?: boolean;
}

/**
 * Shows what the services of a run wait for: each in the row of its resource, where the last line wins, and in the row
 * of the stack how many are deployed. Pulumi names no resource when it deletes one with a dynamic provider. Such lines
 * share the row of the stack, where only the newest has its seconds; those of the others would be old.
 *
 * @example
 * const progress = new Progress({ send: (line, urn) => engine.progress(line, urn) });
 * progress.report("web: deploying, 12 s");
 * progress.report("api: deployment queued behind 1"); // api: deployment queued behind 1 | web: deploying
 */
export class Progress {
  /** State of each waiting service without a row, the newest last. */
  private readonly states = new Map<string, string>();
  /** Last phase that was reported for each service. */
  private readonly phases = new Map<string, string>();
  private readonly begun = new Set<string>();
  private readonly ended = new Map<string, "deployed" | "failed">();
  private readonly send: ProgressOptions["send"];
  private readonly hide: (text: string) => string;
  private readonly isLog: boolean;

  constructor({ send, hide = (text) => text, isLog = false }: ProgressOptions) {
    this.send = send;
    this.hide = hide;
    this.isLog = isLog;
  }

  /** Counts a service that is about to be deployed. */
  begin(service: string): void {
    this.begun.add(service);
    this.ended.delete(service);
    if (!this.isLog) this.count();
  }

  /** @param reported `<service>: <phase>`, with `, <time>` where it has one, and `: <detail>` after that */
  report(reported: string): void {
    const hidden = this.hide(reported);
    // A log keeps the line, when its time is long over.
    const line = this.isLog ? withoutTime(hidden) : hidden;
    const [, service = line, state = line] = /^(.*?): (.*)$/s.exec(line) ?? [];
    const urn = currentRow();
    if (this.isLog) {
      const place = `${urn} ${service}`;
      const phase = phaseOf(state);
      if (this.phases.get(place) === phase) return;
      this.phases.set(place, phase);
    }
    if (urn !== undefined) {
      this.send(parseUrn(urn)?.name === service ? state : line, urn);
      return;
    }
    this.states.delete(service);
    const others = [...this.states.values()].reverse();
    this.states.set(service, withoutTime(line));
    const more = others.length - (MAX_SERVICES - 1);
    const shown = [line, ...others.slice(0, MAX_SERVICES - 1), ...(more > 0 ? [`${more} more wait`] : [])];
    this.send(shown.join(" | "), urn);
  }

  /** Removes a service that no longer waits, and reports a failure at once, as the run may continue for long. */
  end(name: string, failure?: Error): void {
    const service = this.hide(name);
    this.states.delete(service);
    if (this.begun.has(name)) {
      this.ended.set(name, failure === undefined ? "deployed" : "failed");
      this.count();
    }
    if (failure === undefined) {
      // Otherwise the row would keep the last state.
      if (this.begun.has(name) && currentRow() !== undefined && !this.isLog)
        this.send("deployed", currentRow());
      return;
    }
    const [first = ""] = this.hide(failure.message).split("\n");
    this.send(`${service} failed: ${shorten(first, MAX_FAILURE_LENGTH)}`, currentRow());
  }

  /** Shows how many services are deployed, where there are several. */
  private count(): void {
    const all = this.begun.size;
    if (all < 2) return;
    const failed = [...this.ended.values()].filter((end) => end === "failed").length;
    const deployed = this.ended.size - failed;
    const failures = failed === 0 ? "" : `, ${failed} failed`;
    this.send(`${deployed} of ${counted(all, "service")} deployed${failures}`, undefined);
  }
}

function withoutTime(line: string): string {
  return line.replace(/, (?:\d+ min ?)?(?:\d+ s)?$/, "");
}

/** Returns a state without what changes while its phase lasts: time, detail, and the number of those before it. */
function phaseOf(state: string): string {
  return state
    .replace(/, (?:\d+ min ?)?(?:\d+ s)?(?:: .*)?$/s, "")
    .replace(/ (?:behind \d+|as the next)$/, "");
}
