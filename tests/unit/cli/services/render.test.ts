import * as assert from "node:assert/strict";
import { write } from "../../../../cli/page";
import {
  type AnyRow,
  differencesOf,
  isFine,
  LogLines,
  renderJson,
  renderTable,
  type ServiceStatus,
  shownAge,
  stagesPart,
  unappliedOf,
} from "../../../../cli/services";
import type { StateResource } from "../../../../cli/stack";
import { visibleLines } from "../../../../packages/text";

const healthy: ServiceStatus = {
  ...{ name: "api", kind: "application", condition: "healthy", why: undefined, image: "acme/api:1" },
  ...{ images: undefined, ageSeconds: 59, running: 1, wanted: 1, lastDeployment: undefined },
  ...{ isDeploying: false, addresses: [], differences: [] },
};

describe("a service as people see it", () => {
  it("has the largest unit of its age", () => {
    const ages = [0, 59, 60, 119, 3_599, 3_600, 86_399, 86_400, 172_800].map(shownAge);
    assert.deepEqual(ages, ["0 s", "59 s", "1 min", "1 min", "59 min", "1 h", "23 h", "1 d", "2 d"]);
  });

  it("is as it should be when it is healthy or stopped, without a reason", () => {
    const conditions = ["starting", "rolled back", "failing", "not deployed", "unknown", "missing"] as const;
    for (const condition of conditions) assert.equal(isFine({ ...healthy, condition }), false, condition);
    for (const condition of ["healthy", "stopped"] as const) {
      assert.equal(isFine({ ...healthy, condition }), true, condition);
      assert.equal(isFine({ ...healthy, condition, why: "somebody stopped it" }), false);
      assert.equal(isFine({ ...healthy, condition, differences: ["replicas is 2"] }), false);
    }
  });

  it("has a row of the facts that are known, and reasons below the table", () => {
    const bare = {
      ...healthy,
      running: undefined,
      wanted: undefined,
      ageSeconds: undefined,
      image: undefined,
    };
    const at = "never";
    const last = { status: "done", at, title: "x".repeat(50), commit: undefined };
    const services: ServiceStatus[] = [
      { ...healthy, isDeploying: true },
      { ...bare, name: "db", condition: "unknown", why: "no permission", lastDeployment: last },
    ];
    const table = renderTable("test", services, 200);
    assert.match(table, /^Services of test: 2 services, 1 not as they should be\n/);
    assert.match(table, /^ {2}api +healthy, deploying +1\/1 +59 s +acme\/api:1/m);
    assert.match(table, /^ {2}db +unknown +- +- +- +done x{39}…/m);
    assert.match(table, /\n\nNot as it should be:\n {2}db: no permission$/);
    const fine = renderTable("test", [healthy], 200);
    assert.match(fine, /^Services of test: 1 service\n/);
    assert.doesNotMatch(fine, /as it should be/);
  });

  it("is one line of JSON or several, with a sum over all", () => {
    const other = { ...healthy, differences: ["replicas is 2"] };
    const [one, both] = [renderJson("test", [healthy]), renderJson("test", [healthy, other], 2)];
    assert.ok(!one.includes("\n") && both.includes("\n"));
    const { version, stack, healthy: isHealthy } = JSON.parse(one);
    assert.deepEqual({ version, stack, isHealthy }, { version: 1, stack: "test", isHealthy: true });
    assert.equal(JSON.parse(both).healthy, false);
  });

  it("is JSON for any title of a deployment, which is the message of a commit", () => {
    for (const title of ["##[error]", "a\u202eb", "\u0085", "\u2028", "<{%fg 1%}>"]) {
      const lastDeployment = {
        title,
        commit: undefined,
        status: "done",
        at: "2026-01-02T03:04:05Z",
      } as const;
      const shown = visibleLines(renderJson("test", [{ ...healthy, lastDeployment }], 2));
      assert.equal(JSON.parse(shown).services[0].lastDeployment.title, title);
    }
  });
});

describe("services on a page", () => {
  it("have a colour for each condition, and a sum", () => {
    const shown = (service: ServiceStatus) =>
      write({ title: "Services", content: stagesPart([{ stage: "test", services: [service] }]), footer: "" });
    const tones = {
      healthy: "good",
      starting: "busy",
      "rolled back": "bad",
      failing: "bad",
      unknown: "warn",
    };
    for (const [condition, tone] of Object.entries(tones))
      assert.ok(
        shown({ ...healthy, condition: condition as ServiceStatus["condition"] }).includes(
          `class="badge ${tone}">${condition}<`,
        ),
        condition,
      );
    assert.match(shown(healthy), /1 service, as they should be/);
    assert.match(shown({ ...healthy, condition: "failing" }), /1 of 1 service not as they should be/);
  });
});

describe("a card of a service", () => {
  const page = (services: readonly ServiceStatus[], more: object = {}) =>
    write({ title: "Services", content: stagesPart([{ stage: "prod", services, ...more }]), footer: "" });
  const text = (html: string) =>
    html
      .replace(/^[\s\S]*<div class="stages">/, "")
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ");

  it("has each fact that is known, and none that is not", () => {
    const at = "2026-01-01T10:00:00.000Z";
    const last = { status: "error", at, title: "by hand", commit: undefined };
    const full: ServiceStatus = {
      ...{ ...healthy, running: 1, wanted: 3, ageSeconds: 7200, isDeploying: true, lastDeployment: last },
      ...{ addresses: ["https://api.example.com"], why: "one waits", differences: ["replicas is 2"] },
    };
    const shown = page([full]);
    for (const part of ["Kind application", "Image acme/api:1", "Runs 1 of 3, since 2 h", "Deployed error"])
      assert.ok(text(shown).includes(part), `${part} in ${text(shown)}`);
    assert.ok(text(shown).includes("Addresses https://api.example.com"));
    assert.match(shown, /class="badge busy">deploying</);
    assert.match(shown, /class="badge bad">error<[\s\S]*by hand/);
    assert.match(shown, /<time[^>]*datetime="2026-01-01T10:00/);
    assert.match(shown, /<li>one waits<\/li>\s*<li>replicas is 2<\/li>/);
    const built = page([{ ...full, lastDeployment: { ...last, status: "done", commit: "0123456789" } }]);
    assert.match(text(built), /commit 0123456 /);
    assert.doesNotMatch(built, /by hand|0123456789/);
    assert.match(built, /class="badge good">done</);
    const running = page([{ ...full, lastDeployment: { ...last, status: "running", at: "soon" } }]);
    assert.match(running, /class="badge busy">running</);
    assert.doesNotMatch(running, /<time[^>]*datetime/, "no time where Dokploy gives none");
    const missing = { ...healthy, condition: "missing", image: undefined, running: undefined } as const;
    const bare = text(page([{ ...missing, wanted: undefined, ageSeconds: undefined }]));
    assert.match(bare, /Kind application/);
    assert.doesNotMatch(bare, /Image|Runs|Deployed|Addresses|deploying|since/);
    assert.match(text(page([{ ...healthy, ageSeconds: undefined }])), /Runs 1 of 1 /);
  });

  it("is below the name of its stage, with the reason where that could not be read", () => {
    const why = page([], { why: "no server" });
    assert.match(why, /class="badge bad">not read<[\s\S]*no server/);
    assert.doesNotMatch(why, /as they should be/);
    const two = page([healthy, { ...healthy, condition: "failing" }]);
    assert.match(two, /class="badge bad">1 of 2 services not as they should be</);
    assert.match(page([healthy, healthy]), /class="badge good">2 services, as they should be</);
    for (const [condition, tone] of [
      ["stopped", "calm"],
      ["not deployed", "calm"],
      ["missing", "bad"],
    ] as const)
      assert.ok(page([{ ...healthy, condition }]).includes(`class="badge ${tone}">${condition}<`), condition);
  });
});

describe("differences of a service", () => {
  const changedAt = Date.parse("2026-01-01T10:00:00.000Z");
  const stateOf = (inputs: object, outputs: object = {}): StateResource => ({
    ...{ kind: "Application", name: "api", id: "a", owner: { project: "shop", stack: "test", changedAt } },
    ...{ inputs: inputs as StateResource["inputs"], outputs: outputs as StateResource["outputs"] },
  });
  const row = (more: Partial<AnyRow>): AnyRow => ({ name: "api", appName: "api-1", ...more });

  it("compare the image of an image alone, and no secret", () => {
    const is = (inputs: object, more: Partial<AnyRow> = { dockerImage: "b:1", replicas: 1 }) =>
      differencesOf(stateOf(inputs), row(more), undefined);
    assert.deepEqual(is({ image: "a:1" }), ["image is b:1, and a:1 in the state"]);
    assert.deepEqual(is({ source: { type: "git", image: "a:1" }, image: "a:1" }), []);
    assert.deepEqual(is({ source: { type: "docker", image: { ciphertext: "v1" } } }), []);
    assert.deepEqual(is({ replicas: 0 }), ["replicas is 1, and 0 in the state"]);
  });

  it("name a deployment of others, and none of the stack until a minute after its last run", () => {
    const own = { lastDeployment: { deploymentId: "own", startedAt: "2026-01-01T09:00:00.000Z" } };
    const is = (deploymentId: string, title: string, createdAt: string) =>
      differencesOf(stateOf({}, own), row({}), {
        ...{ deploymentId, title, createdAt, status: "done" },
      } as Parameters<typeof differencesOf>[2]).length;
    const [hour, later, late] = ["10:00:00", "10:01:00", "10:01:01"].map((time) => `2026-01-01T${time}.000Z`);
    assert.equal(is("own", "by hand", hour ?? ""), 0);
    assert.equal(is("else", "by hand", hour ?? ""), 1);
    assert.equal(is("else", "Pulumi shop/test", later ?? ""), 0);
    assert.equal(is("else", "Pulumi shop/test", late ?? ""), 1);
    assert.equal(is("else", "by hand", "2026-01-01T09:00:00.000Z"), 0);
    const last = {
      deploymentId: "else",
      title: "Pulumi shop/test",
      createdAt: hour,
      status: "done",
    } as never;
    const of = (outputs: object, more: object = {}) =>
      differencesOf({ ...stateOf({}, outputs), ...more }, row({}), last).length;
    assert.deepEqual([of({}), of({ lastDeployment: {} })], [0, 0], "the state has none");
    assert.equal(differencesOf(stateOf({}, own), row({}), undefined).length, 0);
    assert.deepEqual([of(own), of(own, { owner: undefined })], [0, 1], "not known whose it is");
    const timeless = { lastDeployment: { deploymentId: "own" } };
    assert.equal(of(timeless, { owner: undefined }), 1);
  });

  it("name what containers do not have, once", () => {
    const is = (judged: object, inputs: object, more: Partial<AnyRow>) =>
      unappliedOf({ condition: "healthy", ...judged }, stateOf(inputs), row(more));
    const now = { image: "a:1" };
    assert.deepEqual(is(now, { image: "a:2" }, { dockerImage: "a:2" }), ["it runs a:1, and Dokploy has a:2"]);
    assert.deepEqual(is(now, { image: "a:1" }, { dockerImage: "a:2" }), [], "the other list has it");
    assert.deepEqual(is(now, {}, { dockerImage: "a:2", sourceType: "git" }), []);
    assert.deepEqual(is({}, {}, { dockerImage: "a:2" }), []);
    assert.deepEqual(is({ staleVariables: ["A", "B"] }, {}, {}), [
      "it does not run with the saved values of A, B",
    ]);
    assert.deepEqual(is({ staleVariables: ["A"] }, {}, {}), ["it does not run with the saved value of A"]);
    const [long = ""] = is({ staleVariables: Array.from({ length: 99 }, (_, at) => `NAME_${at}`) }, {}, {});
    assert.match(long, /^it does not run with the saved values of NAME_0, NAME_1, .*…$/);
    assert.equal(long.length, "it does not run with the saved values of ".length + 120);
    const odd = is({ image: "a:\u001b[2J1", staleVariables: ["A\u0007"] }, {}, { dockerImage: "a:2" });
    assert.deepEqual(odd, [
      "it runs a:\\x1b[2J1, and Dokploy has a:2",
      "it does not run with the saved value of A\\x07",
    ]);
    const bySource = { source: { type: "docker", image: "a:2" } };
    assert.deepEqual(is(now, bySource, { dockerImage: "a:2", sourceType: "docker" }).length, 1);
    assert.deepEqual(is(now, { source: { type: "docker", image: "a:3" } }, { dockerImage: "a:2" }), []);
    assert.deepEqual(is({ image: "a:2" }, {}, { dockerImage: "a:2" }), []);
    assert.deepEqual(is(now, {}, { dockerImage: null } as never), []);
  });
});

describe("lines of a log that looks repeat", () => {
  const at = (minute: number) => `2026-01-01T10:${String(minute).padStart(2, "0")}:00.000000000Z`;

  it("are new once, also ten minutes later, and each time without a time of Docker", () => {
    const log = new LogLines();
    const fresh = (part: string) => log.fresh(part).map(({ text }) => text);
    assert.deepEqual(fresh(`${at(0)} a\n${at(10)} b\n\n`), ["a", "b"]);
    assert.deepEqual(fresh(`${at(0)} a\n${at(10)} b`), []);
    assert.deepEqual(fresh("no such container"), ["no such container"]);
    assert.deepEqual(fresh("no such container"), ["no such container"]);
    assert.deepEqual(fresh("2026-01-01T12:10:00.0+02:00 c"), ["c"]);
  });

  it("are in the order of Docker's times, if all have one, and none is from before the first", () => {
    const of = (log: LogLines, ...lines: string[]) => log.fresh(lines.join("\n")).map(({ text }) => text);
    const shuffled = [4, 2, 5, 1, 3, 6].map((minute) => `${at(minute)} ${minute}`);
    assert.deepEqual(of(new LogLines(), ...shuffled), ["1", "2", "3", "4", "5", "6"]);
    const log = new LogLines();
    assert.deepEqual(of(log, "error: no container", `${at(2)} b`, `${at(1)} a`), [
      "error: no container",
      "b",
      "a",
    ]);
    const late = new LogLines();
    assert.deepEqual(of(late, "no such container"), ["no such container"]);
    assert.deepEqual(of(late, `${at(5)} x`), ["x"]);
    assert.deepEqual(of(late, `${at(4)} earlier`, `${at(5)} y`, `${at(5)} x`), ["y"]);
    assert.deepEqual(late.fresh(`said 2026-01-01T10:00:00Z\n${at(6)}`), [
      { at: "", text: "said 2026-01-01T10:00:00Z" },
      { at: at(6), text: "" },
    ]);
  });
});
