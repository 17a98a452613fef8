/** A change of one variable. */
export interface Change {
  /** Path from the top of the repository. */
  readonly file: string;
  readonly key: string;
  readonly change: "added" | "changed" | "removed";
  /** Values, where they may be shown. */
  readonly before?: string;
  readonly after?: string;
}

/** A version of a file that cannot be read as variables. */
export interface Unread {
  readonly file: string;
  readonly why: string;
}

interface Happened {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly who: string;
}

/** A commit that changed variables. */
export interface CommitEvent extends Happened {
  readonly source: "git";
  readonly commit: string;
  readonly subject: string;
  readonly changes: readonly Change[];
  readonly unread: readonly Unread[];
}

/** An update that Dokploy's audit log has. */
export interface AuditEvent extends Happened {
  readonly source: "dokploy";
  /** Name of the resource in the program. */
  readonly service: string;
}

/** Something that happened. */
export type HistoryEvent = CommitEvent | AuditEvent;
