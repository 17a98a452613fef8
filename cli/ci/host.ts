/** A place for a text: a comment of the pull request, or an issue. Its id differs from host to host. */
export interface Written {
  readonly id: number;
}

/** A deployment of a service, as the host shows it. */
export interface ShownDeployment {
  /** `test/api` */
  readonly environment: string;
  readonly commit: string;
  readonly succeeded: boolean;
  readonly address: string | undefined;
}

/** The host whose job this is. A pull request is also a merge request of GitLab. */
export interface Host {
  /** Commit of the pull request, as people see it there; undefined in a run of a branch. */
  readonly commit: string | undefined;
  /** Commit that the run has checked out. */
  readonly checkedOut: string;
  /** Address of the run. */
  readonly run: string;
  /** Finds the comment of this token's user that begins with a text. Others may write one that begins like it. */
  findComment(start: string): Promise<Written | undefined>;
  /** Writes a comment to the pull request, or replaces the text of one. */
  writeComment(body: string, former: Written | undefined): Promise<void>;
  /** Finds the open issue of this token's user that begins with a text. */
  findIssue(start: string): Promise<Written | undefined>;
  /** Opens an issue, or replaces the text of one. */
  writeIssue(title: string, body: string, former: Written | undefined): Promise<void>;
  closeIssue(issue: Written, reason: string): Promise<void>;
  /** Numbers of the open pull requests. */
  openRequests(): Promise<number[]>;
  showDeployment(deployment: ShownDeployment): Promise<void>;
}
