import { extname } from "node:path";
import { byText } from "../../../packages/text";
import { looksSecret } from "../../../provider/env";
import { baseStage, type EntryValue, formatOf, readEnvText, writtenGenerated } from "../../../sdk/env-files";
import { FileError, sourceOf } from "../../../sdk/files";
import type { Commit, FileChange, Version } from "../../stack";
import type { Change, CommitEvent, Unread } from "./model";

/** Choice of files: those of a stage with those of base, or of all stages. */
export interface Choice {
  /** Folder of the stages, from the top of the repository. */
  readonly directory: string;
  readonly stage: string | undefined;
  readonly service: string | undefined;
}

/** A commit with its chosen files. */
export type Touched = Pick<Commit, "id" | "at" | "who" | "subject" | "files">;

/** Chooses the files of commits, each before its parents, and follows renames into the past. */
export function touchedBy(commits: readonly Commit[], choice: Choice): Touched[] {
  const former = new Set<string>();
  const belongs = (version: Version | undefined) =>
    version !== undefined && (isChosen(version.path, choice) || former.has(version.path));
  return commits.flatMap((commit) => {
    const files = commit.files.flatMap(({ before, after }): FileChange[] => {
      if (belongs(after)) {
        if (before !== undefined) former.add(before.path);
        return [{ before, after }];
      }
      return belongs(before) ? [{ before, after: undefined }] : [];
    });
    return files.length > 0 ? [{ ...commit, files }] : [];
  });
}

/** Lists the stages that have had files of variables, `base` among them. */
export function stagesOf(commits: readonly Commit[], directory: string): string[] {
  return partsOf(commits, directory, "stage");
}

/** Lists the services that have had files of variables, in any stage. */
export function servicesOf(commits: readonly Commit[], directory: string): string[] {
  return partsOf(commits, directory, "service");
}

function partsOf(commits: readonly Commit[], directory: string, part: "stage" | "service"): string[] {
  const versions = commits.flatMap(({ files }) => files.flatMap(({ before, after }) => [before, after]));
  const parts = versions.flatMap((version) => (version && placeOf(version.path, directory)?.[part]) ?? []);
  return [...new Set(parts)].sort(byText);
}

function isChosen(path: string, { directory, stage, service }: Choice): boolean {
  const place = placeOf(path, directory);
  if (place === undefined) return false;
  if (stage !== undefined && place.stage !== stage && place.stage !== baseStage) return false;
  return service === undefined || place.service === service;
}

/** Returns the stage and service of a file of variables; undefined for another file. */
function placeOf(path: string, directory: string): { stage: string; service: string } | undefined {
  const folder = directory === "" ? "" : `${directory}/`;
  if (!path.startsWith(folder)) return undefined;
  const [stage = "", file, ...deeper] = path.slice(folder.length).split("/");
  if (file === undefined || deeper.length > 0 || file.startsWith(".") || formatOf(file) === undefined)
    return undefined;
  return { stage, service: file.slice(0, file.length - extname(file).length) };
}

type Values = ReadonlyMap<string, EntryValue>;

/** Compares the versions of files, variable by variable; oldest first. */
export function changesIn(
  touched: readonly Touched[],
  contents: ReadonlyMap<string, Uint8Array>,
  key: string | undefined,
): CommitEvent[] {
  const reader = new Reader(contents);
  const differences = [...touched].reverse().map((commit) => ({
    commit,
    found: commit.files.map((file) => reader.difference(file)),
  }));
  return differences.flatMap(({ commit, found }): CommitEvent[] => {
    const changes = found
      .flatMap((one) => one.changes)
      .filter((change) => key === undefined || change.key === key)
      .map((change) => reader.shown(change));
    const unread = found.flatMap((one) => one.unread);
    if (changes.length === 0 && unread.length === 0) return [];
    const { id, at, who, subject } = commit;
    return [{ source: "git", at: Date.parse(at), who, commit: id, subject, changes, unread }];
  });
}

type Difference = Pick<Change, "file" | "key" | "change"> & {
  readonly values: readonly [before: EntryValue | undefined, after: EntryValue | undefined];
};

class Reader {
  readonly #read = new Map<string, Values | Unread>();
  /** Latest version that could be read, by path. */
  readonly #latest = new Map<string, Values>();
  /** Variables that were a secret in any version: their values are never shown. */
  readonly #secret = new Set<string>();

  constructor(private readonly contents: ReadonlyMap<string, Uint8Array>) {}

  /** Compares two versions of a file; one that cannot be read counts as the one before it. */
  difference({ before, after }: FileChange): { changes: Difference[]; unread: Unread[] } {
    const file = after?.path ?? before?.path ?? "";
    const old = this.#valuesOf(before);
    const now = this.#valuesOf(after);
    if ("why" in now) return { changes: [], unread: [now] };
    const known =
      before === undefined || !("why" in old) ? old : (this.#latest.get(before.path) ?? new Map());
    this.#latest.set(file, now);
    const was = "why" in known ? new Map<string, EntryValue>() : known;
    const changes = [...new Set([...was.keys(), ...now.keys()])].sort(byText).flatMap((key): Difference[] => {
      const values = [was.get(key), now.get(key)] as const;
      const [a, b] = values;
      if (JSON.stringify(a) === JSON.stringify(b)) return [];
      return [
        { file, key, change: a === undefined ? "added" : b === undefined ? "removed" : "changed", values },
      ];
    });
    return { changes, unread: [] };
  }

  shown({ values: [before, after], ...change }: Difference): Change {
    const shown = (value: EntryValue | undefined) => this.#shownValue(change.key, value);
    const [was, is] = [shown(before), shown(after)];
    return {
      ...change,
      ...(was === undefined ? {} : { before: was }),
      ...(is === undefined ? {} : { after: is }),
    };
  }

  /** Returns a text that is not secret, or the reference of a value that a secrets manager has. */
  #shownValue(key: string, value: EntryValue | undefined): string | undefined {
    if (value?.kind === "generated") return writtenGenerated(value);
    if (value?.kind === "managed") return `!${value.manager} ${value.reference}`;
    if (value?.kind === "address") return `!ref ${value.reference.text}`;
    return value?.kind === "text" && !this.#secret.has(key) ? value.text : undefined;
  }

  #valuesOf(version: Version | undefined): Values | Unread {
    if (version === undefined) return new Map();
    const id = `${version.blob} ${version.path}`;
    const known = this.#read.get(id) ?? this.#parse(version);
    this.#read.set(id, known);
    return known;
  }

  #parse({ path, blob }: Version): Values | Unread {
    const bytes = this.contents.get(blob);
    if (bytes === undefined) return { file: path, why: "this clone does not have the version" };
    try {
      const entries = readEnvText(sourceOf(path, bytes));
      for (const { key, value } of entries) {
        const isPlain = value.kind === "text" && (value.plain || !looksSecret(key, value.text));
        if (!isPlain) this.#secret.add(key);
      }
      return new Map(entries.map(({ key, value }) => [key, value]));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const [why = ""] = error.message.split("\n");
      return { file: path, why: why.startsWith(`${path}:`) ? why.slice(path.length + 1).trim() : why };
    }
  }
}
