import type { DeploymentRow, QueueJob } from "../dokploy";

/**
 * Finds our deployment record: a pure function of the observations of one service.
 *
 * Dokploy's response to a deploy call has neither a job id nor a record id. The rules below rest on these facts, from
 * its source and from a running 0.30.2:
 * - A job and its record carry the title that was sent, and ours contains a nonce. A `deploy` from a git source
 *   replaces title and description (with the commit message and `Commit: <hash>`), but only after the record has ended.
 * - Jobs of one service run one after the other, first in, first out. `processedOn` of a job and `createdAt` of a
 *   record come from the same clock, and the record is written at the start of its job.
 * - The record exists before its job leaves the queue.
 * - A restart loses all jobs; a record that was running becomes `cancelled` and keeps its title.
 *
 * The first record that carries the nonce is certainly ours: nobody knew it before, and may only copy it. Without the nonce, a record counts as ours only if it is the only
 * candidate; otherwise the verdict is `ambiguous`. One case cannot be recognised: between two reads of the queue (about
 * a second) somebody empties the queue with our job in it, and another deployment from git starts and ends.
 */

/** Facts about the deploy call. */
export interface Sent {
  /** Part of the title that nobody else uses. */
  readonly nonce: string;
  readonly method: "deploy" | "redeploy";
  /** Ids of the records that existed before the call. */
  readonly before: ReadonlySet<string>;
  /** True when the server accepted the call; false when its response was lost. */
  readonly accepted: boolean;
  /** End of the call, in milliseconds of the local clock. */
  readonly at: number;
}

/** Result of one poll of a service. The queue is read before the records; either may be missing. */
export interface Observation {
  /** Milliseconds of the local clock. */
  readonly at: number;
  /** Jobs of this service only, newest first. */
  readonly queue?: readonly QueueJob[];
  readonly records?: readonly DeploymentRow[];
}

/** Verdict about our deployment: its phase, and its record once that is known. */
export type Verdict =
  /** The call was made; no effect of it was seen yet. */
  | { readonly phase: "unseen" }
  | { readonly phase: "waiting" }
  /** The job runs, but its record is not known yet. */
  | { readonly phase: "starting" }
  | { readonly phase: "running"; readonly record: DeploymentRow }
  /** `record.status` is `done`, `error` or `cancelled`. */
  | { readonly phase: "ended"; readonly record: DeploymentRow }
  | { readonly phase: "lost"; readonly reason: "never-started" | "left-queue" | "record-removed" }
  | { readonly phase: "ambiguous"; readonly candidates: readonly string[] };

/** Verdict about our deployment, and the evidence for it so far. */
export interface Attribution {
  readonly verdict: Verdict;
  readonly evidence: Evidence;
}

interface Job {
  readonly title: string;
  readonly timestamp: number;
  readonly processedOn?: number;
}

interface Evidence {
  readonly sent: Sent;
  readonly accepted: boolean;
  /** Our job as it was last seen in the queue. */
  readonly own?: Job;
  /** Time when our job was first missing from the queue; undefined while it shows it or was not read. */
  readonly goneSince?: number;
  readonly lastQueueAt: number;
  /** True when the queue was not read for so long that Dokploy may have restarted unnoticed. */
  readonly interrupted: boolean;
  /** All jobs of other people for this service that were ever seen, by id. */
  readonly others: ReadonlyMap<string, Job>;
  /** Ids of the jobs that the last read of the queue showed. */
  readonly queued: ReadonlySet<string>;
  /** Ids of records that are certainly not ours. */
  readonly foreign: ReadonlySet<string>;
  /** Ids that the last read of the records found, and ids of the jobs that had left the queue before it. */
  readonly recorded: { readonly records: readonly string[]; readonly jobs: readonly string[] };
  /** Ids of the jobs whose records are certainly not ours. */
  readonly settled: ReadonlySet<string>;
  /** Start of a job ahead of ours, by the server's clock: our record is created later. */
  readonly notBefore: number;
  /** Titles of new records that were seen before git replaced them, by record id. */
  readonly titles: ReadonlyMap<string, string>;
  /** Id of our record. */
  readonly pinned?: string;
  /** Number of reads in a row that did not find the pinned record. */
  readonly missing: number;
  /** True when the records were searched after our job had left the queue: later records are not ours. */
  readonly searched: boolean;
}

/** Shorter than any restart of Dokploy, so a restart between two reads of the queue cannot go unnoticed. */
const LONGEST_GAP_MS = 5_000;
/** Time in which our job may still appear after it left the queue without a trace. */
const GRACE_MS = 5_000;
/** Grace period when the response to the deploy call was lost: the server may still be working on it. */
const UNANSWERED_GRACE_MS = 20_000;
/** Dokploy keeps 10 records of a service, and the one that it starts. */
const RECORDS_KEPT = 10;
/** Description that Dokploy writes when a deployment from git ends. */
const GIT_DESCRIPTION = /^Commit: /;

/** Returns the state right after the deploy call. */
export function begin(sent: Sent): Attribution {
  return {
    verdict: { phase: "unseen" },
    evidence: {
      sent,
      accepted: sent.accepted,
      lastQueueAt: sent.at,
      interrupted: false,
      others: new Map(),
      queued: new Set(),
      foreign: new Set(),
      recorded: { records: [], jobs: [] },
      settled: new Set(),
      notBefore: Number.NEGATIVE_INFINITY,
      titles: new Map(),
      missing: 0,
      searched: false,
    },
  };
}

/** True when the verdict is final. */
export function isFinal(verdict: Verdict): boolean {
  return verdict.phase === "ended" || verdict.phase === "lost" || verdict.phase === "ambiguous";
}

/**
 * Adds one observation to the state.
 *
 * @example
 * let state = begin({ nonce: "k3f9x2ab", method: "deploy", before: new Set(), accepted: true, at: Date.now() });
 * for (const observation of observations) state = next(state, observation);
 * state.verdict; // { phase: "ended", record: { status: "done", … } }
 */
export function next(state: Attribution, observation: Observation): Attribution {
  if (isFinal(state.verdict)) return state;
  let evidence = state.evidence;
  if (observation.queue !== undefined) evidence = seeQueue(evidence, observation.queue, observation.at);
  if (observation.records === undefined) {
    return { evidence, verdict: withoutRecords(evidence, state.verdict) };
  }
  return seeRecords({ evidence, verdict: state.verdict }, observation.records, observation.at);
}

function seeQueue(evidence: Evidence, queue: readonly QueueJob[], at: number): Evidence {
  const [own] = queue
    .filter((job) => job.data.titleLog.includes(evidence.sent.nonce))
    .sort((a, b) => a.timestamp - b.timestamp);
  const isOwn = (job: QueueJob) => job === own;
  const others = new Map(evidence.others);
  for (const job of queue.filter((job) => !isOwn(job))) {
    others.set(job.id, asJob(job));
  }
  const seen = { ...evidence, others, queued: new Set(queue.map(({ id }) => id)), lastQueueAt: at };
  if (own !== undefined) {
    const { goneSince: _, ...rest } = seen;
    const found = { ...rest, own: asJob(own), accepted: true, searched: false };
    return own.processedOn === undefined ? stillWaiting(found, queue) : found;
  }
  if (evidence.goneSince !== undefined) return seen;
  return {
    ...seen,
    goneSince: at,
    interrupted: evidence.interrupted || at - evidence.lastQueueAt > LONGEST_GAP_MS,
  };
}

/** Our job has not begun. So no record that already existed, or is older than the running job, is ours. */
function stillWaiting(evidence: Evidence, queue: readonly QueueJob[]): Evidence {
  const { foreign, settled, recorded, notBefore } = evidence;
  const atWork = queue.flatMap(({ processedOn }) => processedOn ?? []);
  return {
    ...evidence,
    foreign: new Set([...foreign, ...recorded.records]),
    settled: new Set([...settled, ...recorded.jobs, ...(atWork.length > 0 ? gone(evidence) : [])]),
    notBefore: Math.max(notBefore, ...atWork),
  };
}

/** Ids of other people's jobs that have left the queue. */
function gone({ others, queued }: Evidence): string[] {
  return [...others.keys()].filter((id) => !queued.has(id));
}

function asJob({ data, timestamp, processedOn }: QueueJob): Job {
  const job = { title: data.titleLog, timestamp };
  return processedOn === undefined ? job : { ...job, processedOn };
}

function withoutRecords(evidence: Evidence, verdict: Verdict): Verdict {
  if (evidence.pinned !== undefined || evidence.own === undefined) return verdict;
  return { phase: evidence.own.processedOn === undefined ? "waiting" : "starting" };
}

function seeRecords(state: Attribution, records: readonly DeploymentRow[], at: number): Attribution {
  const before = state.evidence;
  const [named] = records
    .filter((record) => record.title.includes(before.sent.nonce))
    .sort((a, b) => createdAt(a) - createdAt(b));
  const pinned = before.pinned ?? named?.deploymentId;
  if (pinned !== undefined) {
    const record = records.find(({ deploymentId }) => deploymentId === pinned);
    if (record !== undefined) {
      const phase = record.status === "running" ? "running" : "ended";
      return { evidence: { ...before, pinned, missing: 0 }, verdict: { phase, record } };
    }
    const missing = before.missing + 1;
    // One read without it may be a hiccup; a second one is not.
    return {
      evidence: { ...before, pinned, missing },
      verdict: missing > 1 ? { phase: "lost", reason: "record-removed" } : state.verdict,
    };
  }

  const evidence = {
    ...before,
    foreign: foreignRecords(before, records),
    recorded: { records: records.map(({ deploymentId }) => deploymentId), jobs: gone(before) },
    titles: titlesOf(before, records),
  };
  const { goneSince } = evidence;
  if (goneSince === undefined) return { evidence, verdict: withoutRecords(evidence, state.verdict) };
  if (!evidence.accepted) return { evidence, verdict: unanswered(evidence, records, at) };
  if (!evidence.searched) {
    const found = search(evidence, records);
    if (found !== undefined) return { evidence, verdict: found };
  }
  const isOver = at - goneSince >= GRACE_MS;
  return {
    evidence: { ...evidence, searched: true },
    verdict: isOver ? { phase: "lost", reason: "left-queue" } : withoutRecords(evidence, state.verdict),
  };
}

/** Returns the records that are not ours, and remembers them: the end of a deployment from git overwrites titles. */
function foreignRecords(evidence: Evidence, records: readonly DeploymentRow[]): ReadonlySet<string> {
  const foreign = new Set(evidence.foreign);
  for (const record of records) {
    // Ours would still carry its title, which is replaced only at the end of a deploy, together with the
    // description.
    const mayBeOurs = evidence.sent.method === "deploy" && isRenamed(record);
    // A job enters the queue before it creates its record.
    const isOlder =
      createdAt(record) < evidence.notBefore ||
      (evidence.own !== undefined && createdAt(record) <= evidence.own.timestamp);
    if (!mayBeOurs || isOlder) foreign.add(record.deploymentId);
  }
  for (const job of evidence.others.values()) {
    const record = recordOf(job, records, evidence);
    if (record !== undefined) foreign.add(record.deploymentId);
  }
  return foreign;
}

/** True when title and description are those that Dokploy writes at the end of a deploy from git. */
function isRenamed({ status, description }: DeploymentRow): boolean {
  return (status === "done" || status === "error") && GIT_DESCRIPTION.test(description ?? "");
}

function titlesOf(
  { sent, titles }: Evidence,
  records: readonly DeploymentRow[],
): ReadonlyMap<string, string> {
  const named = records.filter((row) => !sent.before.has(row.deploymentId) && !isRenamed(row));
  return new Map([...titles, ...named.map((row) => [row.deploymentId, row.title] as const)]);
}

/** Finds the record of a job seen running: the first since its start, because jobs of a service never overlap. */
function recordOf(
  job: Job,
  records: readonly DeploymentRow[],
  { sent }: Evidence,
): DeploymentRow | undefined {
  const { processedOn } = job;
  if (processedOn === undefined || isOverflown(records, sent.before)) return undefined;
  return [...records]
    .sort((a, b) => createdAt(a) - createdAt(b))
    .find((record) => createdAt(record) >= processedOn);
}

/** True when there were so many deployments since the call that our record may already have been dropped. */
function isOverflown(records: readonly DeploymentRow[], before: ReadonlySet<string>): boolean {
  return records.length >= RECORDS_KEPT && !records.some(({ deploymentId }) => before.has(deploymentId));
}

/** Returns the records that may be ours, the oldest first. */
function candidatesIn({ sent, foreign }: Evidence, records: readonly DeploymentRow[]): DeploymentRow[] {
  return records
    .filter(({ deploymentId }) => !sent.before.has(deploymentId) && !foreign.has(deploymentId))
    .sort((a, b) => createdAt(a) - createdAt(b));
}

/** Looks for our record, which has lost its title, among the candidates. Undefined when there is none. */
function search(evidence: Evidence, records: readonly DeploymentRow[]): Verdict | undefined {
  const { own, sent, interrupted } = evidence;
  const candidates = candidatesIn(evidence, records);
  const ambiguous: Verdict = {
    phase: "ambiguous",
    candidates: candidates.map(({ deploymentId }) => deploymentId),
  };
  if (isOverflown(records, sent.before)) return ambiguous;
  if (candidates.length === 0) return undefined;

  if (own?.processedOn !== undefined) {
    const record = recordOf(own, records, evidence);
    if (record === undefined || !candidates.includes(record)) return undefined;
    const late = createdAt(record) - own.processedOn > LONGEST_GAP_MS;
    return interrupted && late ? ambiguous : { phase: "ended", record };
  }

  // Jobs that were only seen waiting and may have run unnoticed: each has a record, in the order of the
  // queue.
  const unseen = unseenJobs(evidence);
  if (unseen === undefined || interrupted) return ambiguous;
  const ahead = unseen.filter(({ timestamp }) => own !== undefined && timestamp < own.timestamp).length;
  const isOrdered = unseen.every(({ timestamp }) => own !== undefined && timestamp !== own.timestamp);
  const record = candidates.length === unseen.length + 1 && isOrdered ? candidates[ahead] : undefined;
  return record === undefined ? ambiguous : { phase: "ended", record };
}

/**
 * Other people's jobs that left the queue and whose record was never seen under their title. Undefined when several
 * jobs have the same title and it is not clear which of them those are.
 */
function unseenJobs(evidence: Evidence): readonly Job[] | undefined {
  const { others, titles, settled } = evidence;
  const remaining = gone(evidence).flatMap((id) => (settled.has(id) ? [] : (others.get(id) ?? [])));
  const count = (texts: Iterable<string>, title: string) =>
    [...texts].filter((text) => text === title).length;
  const unseen: Job[] = [];
  for (const job of remaining.filter(({ processedOn }) => processedOn === undefined)) {
    const records = count(titles.values(), job.title);
    const jobs = count(
      remaining.map(({ title }) => title),
      job.title,
    );
    if (records === 0) unseen.push(job);
    else if (records < jobs) return undefined;
  }
  return unseen;
}

function unanswered(evidence: Evidence, records: readonly DeploymentRow[], at: number): Verdict {
  if (at - evidence.sent.at < UNANSWERED_GRACE_MS) return { phase: "unseen" };
  const candidates = candidatesIn(evidence, records).map(({ deploymentId }) => deploymentId);
  return candidates.length === 0
    ? { phase: "lost", reason: "never-started" }
    : { phase: "ambiguous", candidates };
}

function createdAt(record: DeploymentRow): number {
  return Date.parse(record.createdAt);
}
