import { shownMinute } from "../../packages/text";
import { code, cut, link, messageBlock, table } from "../plan";
import type { Ended, StateResource } from "../stack";
import type { Running } from "./running";
import { lockTime } from "./stacks";

/** A service of a preview. */
export interface PreviewService {
  readonly name: string;
  /** Kind of its resource, such as `Application`. */
  readonly kind: string;
  /** Addresses of its domains. */
  readonly addresses: readonly string[];
  readonly running: Running;
}

/** Result of a deployment of a preview. */
export interface Report {
  readonly number: string;
  /** `refused`: nothing was done. */
  readonly status: "deployed" | "failed" | "refused";
  readonly services: readonly PreviewService[];
  /** Time of the deployment. */
  readonly deployed: Date;
  /** Time at which it is removed, unless it is deployed again. */
  readonly until: Date;
  /** Cause of a failure or refusal, with the end of the log. */
  readonly reason?: string;
}

/** Returns the addresses of the domains of a service in the state of a stack. */
export function addressesOf({ inputs: { domains } }: StateResource): string[] {
  return addressesIn(domains);
}

function addressesIn(domains: unknown): string[] {
  const all = typeof domains === "object" && domains !== null ? Object.values(domains) : [];
  return all.flatMap((domain: { host?: unknown; path?: unknown; https?: unknown }) =>
    typeof domain.host === "string"
      ? [
          `${domain.https === true ? "https" : "http"}://${domain.host}${typeof domain.path === "string" ? domain.path : "/"}`,
        ]
      : [],
  );
}

/** Returns the part of Pulumi's output that says what failed, and what to do about the lock of another run. */
export function failureOf({ stdout, stderr }: Ended): string {
  const since = lockTime(stderr);
  const advice =
    since === undefined
      ? ""
      : `\nA run has held the lock of this preview since ${shownMinute(since)}. If it was killed, and no other run is at ` +
        "work, run this again with --unlock.";
  return failureIn(stdout, stderr) + advice;
}

function failureIn(stdout: string, stderr: string): string {
  const [, all = ""] = stdout.split(/^Diagnostics:$/m);
  // The addresses of services that were deployed are no reason.
  const diagnostics = all.replaceAll(/^.* \[dokploy\/address .*\n?/gm, "");
  const text = (
    diagnostics === "" ? stderr : (diagnostics.split(/^(?:Outputs|Resources|Duration):/m)[0] ?? "")
  ).trim();
  return text === "" ? "Pulumi ended without a reason." : text;
}

/** Comments on hosts of code may have 65,536 characters. */
const maxReason = 50_000;

/** Returns the comment for a pull request, as Markdown. */
export function commentOf({ number, status, services, deployed, until, reason = "" }: Report): string {
  const title = {
    deployed: "is deployed",
    failed: "**failed**",
    refused: "was not deployed",
  }[status];
  const lines = [`### Preview of #${number} ${title}`, ""];
  if (services.length > 0) {
    const rows = services.map(({ name, addresses, running }) => [
      code(name),
      shownRunning(running),
      addresses.map((address) => link(cut(address, 300))).join("<br>") || "–",
    ]);
    lines.push(table(["service", "runs", "address"], rows), "");
  }
  if (reason !== "") {
    const shown = reason.length > maxReason ? `…${reason.slice(-maxReason)}` : reason;
    lines.push(messageBlock(shown.split("\n")), "");
  }
  if (status !== "refused")
    lines.push(
      `Last deployment: ${shownMinute(deployed)}. Removed when the pull request is closed, or on ${shownMinute(until)} if ` +
        "nothing is deployed until then.",
      "",
    );
  return lines.join("\n");
}

const words: Readonly<Record<Running["runs"], string>> = {
  all: "yes",
  some: "**in part**",
  none: "**no**",
  unknown: "not known",
};

function shownRunning({ runs, why, since, failed }: Running): string {
  const start = since === undefined ? "" : `, since ${shownMinute(since)}`;
  const reason = why === undefined ? "" : `<br>${code(why)}`;
  return `${words[runs]}${start}${failed ? "<br>the last deployment **failed**" : ""}${reason}`;
}

/** Returns the report for scripts, with times as in JSON. */
export function jsonOf(report: Report): object {
  return { version: 1, ...report };
}
