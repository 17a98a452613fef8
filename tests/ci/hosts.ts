/** What stands in the place of GitHub and GitLab where recipes write the plan: comments, and notes of a merge request. */
import * as fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment of pull request 7. */
export interface Comment {
  id: number;
  body: string;
  user: { login: string };
}

/** Who `github.token` of a workflow is. */
export const workflowAuthor = "github-actions[bot]";

/**
 * The few calls of `gh api` that the recipes make, as a script for Node. Like GitHub it lets a token with write access
 * change the comments of others too.
 *
 * @param file holds the comments as JSON
 */
export function ghCommand(file: string): string {
  return `
    const fs = require("node:fs");
    const { parseArgs } = require("node:util");
    const text = { type: "string" }, flag = { type: "boolean" };
    const { values, positionals: [command, url] } = parseArgs({
      allowPositionals: true,
      options: { paginate: flag, silent: flag, method: { ...text, default: "GET" }, jq: text, field: text },
    });
    if (command !== "api" || process.env.GH_TOKEN === undefined) throw new Error("gh " + process.argv.slice(2).join(" "));
    const file = ${JSON.stringify(file)};
    const comments = JSON.parse(fs.readFileSync(file, "utf8"));
    const [field, from] = (values.field ?? "").split("=@");
    const body = field === "body" ? fs.readFileSync(from, "utf8") : undefined;
    const [, id] = /^repos\\/acme\\/shop\\/issues\\/comments\\/(\\d+)$/.exec(url) ?? [];
    const isOfPullRequest = url === "repos/acme/shop/issues/7/comments";
    if (values.method === "GET" && isOfPullRequest) {
      const conditions = /^\\.\\[\\] \\| select\\((.*)\\) \\| \\.id$/.exec(values.jq)[1].split(" and ");
      const tests = conditions.map((condition) => {
        const [, login] = /^\\.user\\.login == "(.*)"$/.exec(condition) ?? [];
        const [, start] = /^\\(?\\.body \\| startswith\\("(.*?)"\\)\\)?$/.exec(condition) ?? [];
        if (login !== undefined) return (comment) => comment.user.login === login;
        if (start !== undefined) return (comment) => comment.body.startsWith(start);
        throw new Error("jq: " + condition);
      });
      for (const comment of comments) if (tests.every((test) => test(comment))) console.log(comment.id);
    } else if (values.method === "POST" && isOfPullRequest && body)
      comments.push({ id: 100 + comments.length, body, user: { login: ${JSON.stringify(workflowAuthor)} } });
    else if (values.method === "PATCH" && id && body) comments.find((each) => each.id === Number(id)).body = body;
    else throw new Error(values.method + " " + url);
    fs.writeFileSync(file, JSON.stringify(comments));`;
}

export function readComments(file: string): Comment[] {
  return JSON.parse(fs.readFileSync(file, "utf8")) as Comment[];
}

/** A note of merge request 7. */
export interface Note {
  id: number;
  body: string;
  author: { id: number };
}

export interface Notes {
  notes: Note[];
  /** Of the API. */
  url: string;
  close(): void;
}

/** The token that the API knows, and the user whose it is. */
export const noteToken = "canary-gitlab-token";
export const noteAuthor = 40;

/** The notes of merge request 7 of project 12, as GitLab's API has them: in pages, and changed only by their authors. */
export async function startNotes(notes: Note[] = []): Promise<Notes> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { body = "" } = JSON.parse(Buffer.concat(chunks).toString() || "{}") as { body?: string };
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const [isOfMergeRequest, id] =
      /^\/projects\/12\/merge_requests\/7\/notes(?:\/(\d+))?$/.exec(pathname) ?? [];
    const note = notes.find((each) => each.id === Number(id));
    const answer = (status: number, value: unknown, headers: Record<string, string> = {}) => {
      response
        .writeHead(status, { "content-type": "application/json", ...headers })
        .end(JSON.stringify(value));
    };
    if (request.headers["private-token"] !== noteToken) answer(401, {});
    else if (request.method === "GET" && pathname === "/user") answer(200, { id: noteAuthor });
    else if (!isOfMergeRequest) answer(404, {});
    else if (request.method === "GET") {
      const page = Number(searchParams.get("page") ?? 1);
      const size = Number(searchParams.get("per_page") ?? 20);
      const next = page * size < notes.length ? String(page + 1) : "";
      answer(200, notes.slice((page - 1) * size, page * size), { "x-next-page": next });
    } else if (request.method === "PUT" && note) {
      if (note.author.id === noteAuthor) answer(200, Object.assign(note, { body }));
      else answer(403, { message: "403 Forbidden" });
    } else if (request.method === "POST" && id === undefined) {
      notes.push({ id: notes.length + 1, body, author: { id: noteAuthor } });
      answer(201, notes.at(-1));
    } else answer(404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { notes, url, close: () => server.close() };
}
