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

/** A commit that changed variables. */
export interface CommitEvent {
  readonly source: "git";
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly who: string;
  readonly commit: string;
  readonly subject: string;
  readonly changes: readonly Change[];
  readonly unread: readonly Unread[];
}
