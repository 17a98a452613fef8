import { databases } from "./databases";
import { newId } from "./ids";
import type { Row } from "./rows";

/** User of the web interface. */
export interface Person {
  readonly userId: string;
  readonly userEmail: string;
}

/** Objects that have variables, with the types by which the log groups them. */
const types: ReadonlyMap<string, string> = new Map([
  ["project", "project"],
  ["environment", "environment"],
  ...["application", "compose", ...databases.map(({ name }) => name)].map(
    (router) => [router, "service"] as const,
  ),
]);

/** Log of who changed what, as far as it is about updates of objects that have variables. */
export class AuditLog {
  /** True on a server with an enterprise license; any other server refuses to show the log. */
  isLicensed = false;
  /** User who makes the calls from now on. */
  user: Person;
  readonly #rows: Row[] = [];

  constructor(owner: Person) {
    this.user = owner;
  }

  /** Adds a call that succeeded. */
  record(endpoint: string, input: unknown, createdAt: string): void {
    const [router = "", procedure = ""] = endpoint.split(".");
    const resourceType = types.get(router);
    const resourceId = (input as Row | undefined)?.[`${router}Id`];
    if (resourceType === undefined || !/^(?:update|save[A-Z]\w*)$/.test(procedure)) return;
    this.#rows.unshift({
      ...{ id: newId(), ...this.user, userRole: "owner", action: "update" },
      ...{ resourceType, resourceId, resourceName: null, metadata: null, createdAt },
    });
  }

  /** Returns a page of the log, newest first. */
  page(action: string | undefined, limit: number): { logs: Row[]; total: number } {
    const found = this.#rows.filter((row) => action === undefined || row["action"] === action);
    return { logs: found.slice(0, limit), total: found.length };
  }
}
