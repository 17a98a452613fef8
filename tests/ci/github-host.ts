/** What stands in the place of GitHub's API where jobs write: repository acme/shop, with pull request 7. */
import * as fs from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";

/** A comment of pull request 7. */
export interface Comment {
  id: number;
  body: string;
  user: { login: string };
}

export interface Issue {
  number: number;
  title: string;
  state: string;
  body: string;
  user: { login: string };
  comments: string[];
}

export interface Deployment {
  id: number;
  ref: string;
  environment: string;
  statuses: { state: string; environment_url?: string }[];
}

/** Who `github.token` of a workflow is. */
export const workflowAuthor = "github-actions[bot]";
export const githubToken = "canary-github-token";

/** Like GitHub it lets a token with write access change the comments of others too. */
export class GithubHost {
  comments: Comment[] = [];
  issues: Issue[] = [];
  deployments: Deployment[] = [];
  /** Numbers of the open pull requests; undefined when GitHub does not answer. */
  open: number[] | undefined = [];
  /** Each call, as `GET issues`. */
  readonly calls: string[] = [];
  private readonly server = createServer(async (request, response) => {
    const { status, body } = await this.answer(request);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** What a runner gives each job; the file of the event is written to a folder. */
  environment(folder: string, event: object = {}): Record<string, string> {
    const file = path.join(folder, "event.json");
    fs.writeFileSync(file, JSON.stringify(event));
    return {
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: this.url,
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_REPOSITORY: "acme/shop",
      GITHUB_RUN_ID: "99",
      GITHUB_EVENT_PATH: file,
      GITLAB_CI: "",
    };
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const given = JSON.parse(Buffer.concat(chunks).toString() || "{}") as Record<string, string>;
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const { method = "" } = request;
    const [, rest = ""] = /^\/repos\/acme\/shop\/(.*)$/.exec(pathname) ?? [];
    this.calls.push(`${method} ${rest}`);
    const page = (rows: readonly unknown[]) => {
      const number = Number(searchParams.get("page") ?? 1);
      const size = Number(searchParams.get("per_page") ?? 30);
      return { status: 200, body: rows.slice((number - 1) * size, number * size) };
    };
    const user = { login: workflowAuthor };
    if (request.headers.authorization !== `Bearer ${githubToken}`) return { status: 401, body: {} };
    const [, comment] = /^issues\/comments\/(\d+)$/.exec(rest) ?? [];
    const [, number, isComment] = /^issues\/(\d+)(\/comments)?$/.exec(rest) ?? [];
    const issue = this.issues.find((each) => each.number === Number(number));
    const [, deployment] = /^deployments\/(\d+)\/statuses$/.exec(rest) ?? [];
    switch (`${method} ${rest.replace(/\d+/, "#")}`) {
      case "GET pulls":
        if (this.open === undefined) return { status: 502, body: "" };
        return page(this.open.map((each) => ({ number: each })));
      case "GET issues/#/comments":
        return page(this.comments);
      case "PATCH issues/comments/#": {
        const found = this.comments.find(({ id }) => id === Number(comment));
        if (found) found.body = given["body"] ?? "";
        return { status: found ? 200 : 404, body: {} };
      }
      case "GET issues": {
        const [state, creator] = [searchParams.get("state"), searchParams.get("creator")];
        return page(this.issues.filter((each) => each.state === state && each.user.login === creator));
      }
      case "POST issues": {
        const { title = "", body = "" } = given;
        this.issues.push({ number: this.issues.length + 1, title, body, state: "open", user, comments: [] });
        return { status: 201, body: {} };
      }
      case "POST issues/#/comments":
        if (issue) issue.comments.push(given["body"] ?? "");
        else if (isComment && number === "7")
          this.comments.push({ id: 100 + this.comments.length, body: given["body"] ?? "", user });
        return { status: 201, body: {} };
      case "PATCH issues/#":
        Object.assign(issue ?? {}, given);
        return { status: 200, body: {} };
      case "GET deployments": {
        const [sha, environment] = [searchParams.get("sha"), searchParams.get("environment")];
        return page(this.deployments.filter((each) => each.ref === sha && each.environment === environment));
      }
      case "POST deployments": {
        const { ref = "", environment = "" } = given;
        const made = { id: this.deployments.length + 1, ref, environment, statuses: [] };
        this.deployments.push(made);
        return { status: 201, body: made };
      }
      case "POST deployments/#/statuses":
        this.deployments
          .find(({ id }) => id === Number(deployment))
          ?.statuses.push(given as unknown as Deployment["statuses"][number]);
        return { status: 201, body: {} };
      default:
        return { status: 404, body: {} };
    }
  }
}
