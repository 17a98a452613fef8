/** What stands in the place of GitLab's API where jobs write: project 12, with merge request 7. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A note of merge request 7. */
export interface Note {
  id: number;
  body: string;
  author: { id: number };
}

export interface Issue {
  iid: number;
  title: string;
  state: "opened" | "closed";
  description: string;
  author: { id: number };
  notes: string[];
}

export interface Deployment {
  environment: string;
  sha: string;
  ref: string;
  status: string;
}

interface Project {
  notes: Note[];
  issues: Issue[];
  /** Numbers of the open merge requests; GitLab fails after the first page of them when undefined. */
  open: number[] | undefined;
  environments: { id: number; name: string; external_url?: string }[];
  deployments: Deployment[];
}

export interface GitlabHost extends Project {
  /** Of the API. */
  url: string;
  close(): void;
}

/** The token that the API knows, and the user whose it is. */
export const noteToken = "canary-gitlab-token";
export const noteAuthor = 40;

/** Starts GitLab. Lists come in pages, and only their authors change texts. */
export async function startGitlab(given: Partial<Project> = {}): Promise<GitlabHost> {
  const host: GitlabHost = {
    ...{ notes: [], issues: [], open: [], environments: [], deployments: [], url: "", ...given },
    close: () => server.close(),
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString() || "{}") as Record<string, string>;
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const answer = (status: number, value: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    const page = Number(searchParams.get("page") ?? 1);
    const size = Number(searchParams.get("per_page") ?? 20);
    const list = (rows: readonly unknown[]) => answer(200, rows.slice((page - 1) * size, page * size));
    /** Changes what the user of the token has written. */
    const change = (row: { author: { id: number } } | undefined, values: object) => {
      if (row === undefined) answer(404, {});
      else if (row.author.id !== noteAuthor) answer(403, { message: "403 Forbidden" });
      else answer(200, Object.assign(row, values));
    };
    const author = { id: noteAuthor };
    const [, what = "", id, of] =
      /^\/projects\/12\/(merge_requests\/7\/notes|merge_requests|issues|environments|deployments)(?:\/(\d+))?(?:\/(notes))?$/.exec(
        pathname,
      ) ?? [];
    const call = `${request.method} ${what}${id === undefined ? "" : "/id"}${of === undefined ? "" : `/${of}`}`;
    const issue = host.issues.find(({ iid }) => iid === Number(id));
    if (request.headers["private-token"] !== noteToken) answer(401, {});
    else if (request.method === "GET" && pathname === "/user") answer(200, { id: noteAuthor });
    else if (call === "GET merge_requests/7/notes") list(host.notes);
    else if (call === "POST merge_requests/7/notes")
      answer(201, host.notes.push({ id: host.notes.length + 1, body: body["body"] ?? "", author }));
    else if (call === "PUT merge_requests/7/notes/id")
      change(
        host.notes.find((note) => note.id === Number(id)),
        { body: body["body"] },
      );
    else if (call === "GET issues")
      list(
        host.issues.filter(
          ({ state, author }) =>
            state === searchParams.get("state") && String(author.id) === searchParams.get("author_id"),
        ),
      );
    else if (call === "POST issues") {
      const { title = "", description = "" } = body;
      const iid = host.issues.length + 1;
      answer(201, host.issues.push({ iid, title, description, state: "opened", author, notes: [] }));
    } else if (call === "PUT issues/id")
      change(issue, {
        ...(body["description"] === undefined ? {} : { description: body["description"] }),
        ...(body["state_event"] === "close" ? { state: "closed" } : {}),
      });
    else if (call === "POST issues/id/notes" && issue) answer(201, issue.notes.push(body["body"] ?? ""));
    else if (call === "GET merge_requests" && page > 1 && host.open === undefined) answer(500, {});
    else if (call === "GET merge_requests")
      list((host.open ?? Array.from({ length: size + 1 }, (_, at) => at + 100)).map((iid) => ({ iid })));
    else if (call === "GET environments")
      list(host.environments.filter(({ name }) => name === searchParams.get("name")));
    else if (call === "POST environments")
      answer(
        201,
        host.environments.push({
          id: host.environments.length + 1,
          ...(body as { name: string } & typeof body),
        }),
      );
    else if (call === "PUT environments/id")
      answer(200, Object.assign(host.environments.find((each) => each.id === Number(id)) ?? {}, body));
    else if (call === "POST deployments") answer(201, host.deployments.push(body as unknown as Deployment));
    else answer(404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return host;
}
