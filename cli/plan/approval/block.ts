import { timingSafeEqual } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { PlanKey } from "../../../provider/pulumi";
import { UsageError } from "../../terminal";
import type { Facts, ResourceFacts } from "./facts";

/**
 * Fingerprint of a plan, as the comment contains it: hashes and names, without values. `resources` has the facts of each
 * resource. In a long plan it has only a hash of the facts of each, and in a very long one it is absent.
 */
export interface Fingerprint {
  readonly stack: string;
  readonly server?: string;
  readonly commit?: string;
  /** Hash of all facts. */
  readonly total: string;
  readonly resources?: Readonly<Record<string, ResourceFacts | string>>;
}

/** Blocks of a text that are tried: each needs the hash of the text before it. */
const mostTried = 20;
const pattern = /<!-- dokploy-plan:v1 ([A-Za-z0-9+/=]+) (\d{1,7}) ([A-Za-z0-9+/=]{44}) -->/g;

/** Returns the hash of the facts by which two plans are compared. */
export function totalOf(facts: Facts, key: PlanKey): string {
  return key.hash("plan", facts);
}

/** Returns the hash of the facts of one resource. */
export function resourceHash(urn: string, facts: ResourceFacts, key: PlanKey): string {
  return key.shortHash("resource", urn, facts);
}

/** Returns a fingerprint for people: `3f1c-90ab-77de-5c02`. */
export function shownTotal(total: string): string {
  const hex = Buffer.from(total, "base64").toString("hex");
  return [0, 4, 8, 12].map((at) => hex.slice(at, at + 4)).join("-");
}

/** A fingerprint that can be written behind a text of the comment. */
export class Block {
  readonly #payload: string;
  readonly #line: string;

  /**
   * @param commit the commit that was planned
   * @param maxLength limit of {@link length} that details must keep; without any, the block has some hundred characters
   */
  constructor(
    facts: Facts,
    private readonly key: PlanKey,
    { commit, maxLength }: { commit: string | undefined; maxLength: number },
  ) {
    const { stack, server } = facts;
    const total = totalOf(facts, key);
    const hashes = Object.entries(facts.resources).map(([urn, each]) => [urn, resourceHash(urn, each, key)]);
    const named = {
      stack,
      ...(server === undefined ? {} : { server }),
      ...(commit === undefined ? {} : { commit }),
      total,
    };
    this.#line = `\nFingerprint: \`${shownTotal(total)}\`\n\n`;
    const most = maxLength - this.#around;
    const candidates: Fingerprint[] = [
      { ...named, resources: facts.resources },
      { ...named, resources: Object.fromEntries(hashes) as Record<string, string> },
    ];
    this.#payload = candidates.map(packed).find(({ length }) => length <= most) ?? packed(named);
  }

  /** Number of characters of the lines. */
  get length(): number {
    return this.#around + this.#payload.length;
  }

  get #around(): number {
    return this.#line.length + "<!-- dokploy-plan:v1  0000000  -->\n".length + 44;
  }

  /** Returns a text with the fingerprint as its last lines, which are valid only behind this text. */
  after(markdown: string): string {
    const text = markdown + this.#line;
    const seal = this.key.hash("block", this.#payload, text);
    return `${text}<!-- dokploy-plan:v1 ${this.#payload} ${text.length} ${seal} -->\n`;
  }
}

/**
 * Returns the last fingerprint of a stack in a text that contains comments.
 *
 * @throws UsageError when there is none, it was made with another key, or the text before it was changed
 */
export function readFingerprint(comments: string, stack: string, key: PlanKey): Fingerprint {
  // The web interfaces of GitHub and GitLab save line breaks of Windows.
  const text = comments.replaceAll("\r\n", "\n");
  const blocks = [...text.matchAll(pattern)].reverse().slice(0, mostTried);
  const stacks: string[] = [];
  for (const { index, 1: payload = "", 2: length = "", 3: seal = "" } of blocks) {
    const before = text.slice(Math.max(0, index - Number(length)), index);
    const expected = key.hash("block", payload, before);
    if (!timingSafeEqual(Buffer.from(seal), Buffer.from(expected))) continue;
    const fingerprint = unpacked(payload);
    if (fingerprint.stack === stack) return fingerprint;
    stacks.push(fingerprint.stack);
  }
  if (stacks.length > 0) {
    throw new UsageError(
      `The approved text has no fingerprint of ${stack}, only of ${[...new Set(stacks)].join(", ")}.`,
    );
  }
  if (blocks.length === 0) {
    throw new UsageError(
      "The approved text has no fingerprint. plan-summary writes one with --fingerprint, unless the preview failed.",
    );
  }
  throw new UsageError(
    "The fingerprint in the approved text is not valid: the comment was changed after plan-summary wrote it, or " +
      "DOKPLOY_PLAN_KEY differs here. Write the plan into the comment again, and approve that one.",
  );
}

function packed(fingerprint: Fingerprint): string {
  return deflateRawSync(JSON.stringify(fingerprint), { level: 9 }).toString("base64");
}

/** Only for what the key seals, so that it is known to come from {@link packed}. */
function unpacked(payload: string): Fingerprint {
  return JSON.parse(inflateRawSync(Buffer.from(payload, "base64")).toString("utf8")) as Fingerprint;
}
