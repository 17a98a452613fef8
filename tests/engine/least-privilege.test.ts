import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { transformSync } from "esbuild";
import { Story } from "./story";

type Row = Record<string, unknown>;
/** Member of the organization, and a key that it made. */
interface Member {
  readonly userId: string;
  readonly key: string;
}
const page = fs.readFileSync(
  path.join(__dirname, "..", "..", "docs", "operations", "least-privilege.md"),
  "utf8",
);
/** The page's program, which gives each member its permissions. */
const program = /^```ts\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? assert.fail("the page has no program");
const flags = [
  ...["Projects", "Services", "Environments"].flatMap((noun) => [`canCreate${noun}`, `canDelete${noun}`]),
  ...["Docker", "TraefikFiles", "API", "SSHKeys", "GitProviders"].map((noun) => `canAccessTo${noun}`),
];
const lists = [
  "accessedProjects",
  "accessedEnvironments",
  "accessedServices",
  "accessedGitProviders",
  "accessedServers",
];
const canary = "canary-member-secret";

describe("the key of a pipeline's member", function () {
  this.timeout(240_000);
  let story: Story;
  let deploy: Member;
  let plan: Member;
  let previews: Member;

  before(async () => {
    const config = ["--secret", `sessionKey=${canary}`, "--plaintext", "dokploy:imageTag=1.0"];
    story = await Story.begin({ stack: "test", config });
    story.write("services/web/dokploy-app.yaml", "kind: application\nimage: acme/web:${IMAGE_TAG}\n");
    story.write("envs/test/web.yaml", "LOG_LEVEL: info\nSESSION_KEY: !secret sessionKey\n");
    story.write("dokploy-previews.yaml", "from: test\nhost: pr-${number}.preview.acme.dev\n");
    story.program('new dokploy.DeploymentRepository("shop");');
    [deploy, plan, previews] = [await join("deploy-test"), await join("plan-test"), await join("previews")];
  });
  after(() => story?.end());

  const admin = <T = Row>(endpoint: string, input: Row) => story.byHand<T>(endpoint, input);
  /** Makes a member without permissions, and a key of that member. */
  async function join(name: string): Promise<Member> {
    const email = `${name}@acme.example`;
    const { userId } = await admin<{ userId: string }>("user.createUserWithCredentials", {
      ...{ email, password: "correct-horse", role: "member" },
    });
    return { userId, key: story.emulator.makeKey(email) };
  }
  /** Changes some permissions of a member, by their columns; returns what they were. */
  async function permit({ userId }: Member, changes: Row): Promise<Row> {
    const row = await admin("user.one", { userId });
    const before = Object.fromEntries([...flags, ...lists].map((column) => [column, row[column]]));
    await admin("user.assignPermissions", { ...before, ...changes, id: userId });
    return before;
  }
  /** Runs commands with the key of a member. */
  const use = ({ key }: Member) => {
    story.workspace.env["DOKPLOY_API_KEY"] = key;
  };
  /** Checks that a command fails without a permission, which its error names. */
  async function needs(
    member: Member,
    changes: Row,
    command: () => Promise<string>,
    said: RegExp,
  ): Promise<void> {
    const before = await permit(member, changes);
    assert.match(await command(), said);
    await permit(member, before);
  }
  const up = async () => (await story.fails("up", "--skip-preview")).output;
  const drift = ["preview", "--refresh", "--run-program", "--expect-no-changes"];

  it("are given their permissions by the page's program, once the stage exists", async () => {
    use(deploy);
    await permit(deploy, { canCreateServices: true });
    assert.match(await up(), /project\.create .*"Create Projects" \(may\.createProjects of a Member\)/);
    await permit(deploy, { canCreateProjects: true });
    await story.succeeds("up", "--skip-preview");

    const access = await Story.begin({ stack: "access", emulator: story.emulator });
    try {
      const { code } = transformSync(program.replace('["test", "prod"]', '["test"]'), {
        ...({ loader: "ts", format: "cjs" } as const),
      });
      access.workspace.writeProgram(code);
      await access.succeeds("up", "--skip-preview");
    } finally {
      access.workspace.close();
    }
    const row = await admin("user.one", { userId: deploy.userId });
    assert.equal(row["canCreateProjects"], false);
    assert.equal((row["accessedServices"] as string[]).length, 1);
  });

  it("deploys a stage, and names what it lacks for that", async () => {
    use(deploy);
    await story.succeeds("config", "set", "dokploy:imageTag", "1.1");
    const service = /application\.update .*"Create Services" \(may\.createServices of a Member\)/;
    await needs(deploy, { canCreateServices: false }, up, service);
    story.workspace.env["DOKPLOY_WAIT_FOR"] = "running";
    await needs(
      deploy,
      { canAccessToDocker: false },
      up,
      /"Access to Docker" \(may\.seeDocker of a Member\)/,
    );
    story.workspace.env["DOKPLOY_WAIT_FOR"] = "deployed";
    await story.succeeds("up", "--skip-preview");
  });

  it("plans and finds drift with what it sees alone, and does not deploy a new image", async () => {
    use(plan);
    await story.succeeds(...drift);
    const fails = async () => {
      const { output } = await story.fails(...drift);
      assert.doesNotMatch(output, /to delete/);
      return output;
    };
    const unseen = (noun: string) => new RegExp(`access to this ${noun} \\(sees\\.${noun}Ids of a Member\\)`);
    await needs(plan, { accessedServices: [] }, fails, unseen("service"));
    await story.succeeds("config", "set", "dokploy:imageTag", "1.2");
    await story.succeeds("preview");
    assert.match(await up(), /may\.createServices of a Member/);
  });

  it("creates and removes previews, sees no other stage, and names what it lacks", async () => {
    use(previews);
    await story.succeeds("stack", "init", "preview");
    const config = ["--secret", "sessionKey=for-previews", "--plaintext", "dokploy:imageTag=1.0"];
    await story.succeeds("config", "set-all", "--stack", "preview", ...config);
    const succeeds = async (...args: string[]) => {
      const { code, output } = await story.command(["preview-env", ...args]);
      assert.equal(code, 0, output);
      assert.ok(!output.includes(canary));
    };
    const refused = async () => {
      const { code, output } = await story.command(["preview-env", "remove", "12"]);
      assert.equal(code, 1, output);
      assert.ok(!output.includes(canary));
      return output;
    };
    const seen = async () =>
      (await story.byHand<Row[]>("project.all", {}, previews.key)).map(({ name }) => name);
    await succeeds("up", "12");
    assert.deepEqual(await seen(), ["shop-pr-12"]);
    await needs(previews, { canDeleteServices: false }, refused, /may\.deleteServices of a Member/);
    await succeeds("remove", "12");
    assert.deepEqual(await seen(), []);
  });
});
