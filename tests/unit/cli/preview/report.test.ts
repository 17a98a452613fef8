import * as assert from "node:assert/strict";
import { addressesOf, commentOf, failureOf } from "../../../../cli/preview/report";

describe("the addresses of a service", () => {
  const addresses = (domains: unknown) =>
    addressesOf({ kind: "Application", name: "web", id: "a", inputs: { domains }, outputs: {} });

  it("have the scheme, the host and the path of each domain", () => {
    const domains = {
      a: { host: "a.dev", https: true },
      b: { host: "b.dev", path: "/api" },
      c: { host: "c.dev", https: false, path: "/" },
    };
    assert.deepEqual(addresses(domains), ["https://a.dev/", "http://b.dev/api", "http://c.dev/"]);
  });

  it("do not exist without domains, and for a host that is not known", () => {
    for (const domains of [undefined, null, "x", {}, { a: {} }]) assert.deepEqual(addresses(domains), []);
  });
});

describe("the reason of a failed deployment", () => {
  const reason = (stdout: string, stderr = "") => failureOf({ code: 1, stdout, stderr });

  it("is what Pulumi says below Diagnostics", () => {
    const stdout =
      "Updating (pr-12)\n\nDiagnostics:\n  web: bad\n\n  api: bad\n\nResources:\n    + 1 created\n";
    assert.equal(reason(stdout, "warning"), "web: bad\n\n  api: bad");
    const among =
      "Diagnostics:\n  stack:\n    api is deployed: https://a.example [dokploy/address xy]\n    web: bad\n";
    assert.equal(reason(among), "stack:\n    web: bad");
    for (const next of ["Outputs:\n  a: 1", "Duration: 1s"])
      assert.equal(reason(`Diagnostics:\n  bad\n\n${next}\n`), "bad", next);
  });

  it("is what it says on stderr otherwise, or that there is none", () => {
    assert.equal(reason("Updating\n", "error: no stack\n"), "error: no stack");
    assert.equal(reason("Updating\n"), "Pulumi ended without a reason.");
  });

  it("says since when another run has held the lock", () => {
    const stderr = "the stack is currently locked by 1 lock(s): created by a at 2026-11-28T12:00:30Z";
    assert.match(
      reason("", stderr),
      /\nA run has held the lock of this preview since 2026-11-28 12:00 UTC\. /,
    );
  });
});

describe("the comment about a preview", () => {
  const deployed = new Date("2026-11-28T12:00:00Z");
  const until = new Date("2026-12-05T12:00:00Z");
  const comment = (more: Partial<Parameters<typeof commentOf>[0]>) =>
    commentOf({ number: "12", status: "deployed", services: [], deployed, until, ...more });

  it("says when it was deployed and when it ends, unless nothing was done", () => {
    const times =
      "Last deployment: 2026-11-28 12:00 UTC. Removed when the pull request is closed, or on 2026-12-05 12:00 UTC if " +
      "nothing is deployed until then.";
    assert.equal(comment({}), `### Preview of #12 is deployed\n\n${times}\n`);
    assert.ok(comment({ status: "failed" }).includes(times));
    assert.equal(
      comment({ status: "refused", reason: "full" }),
      "### Preview of #12 was not deployed\n\n```text\nfull\n```\n",
    );
  });

  it("has all addresses of a service, and says where only a part of it runs", () => {
    const running = { runs: "some" as const, since: deployed, failed: false };
    const addresses = ["https://a.dev/", "http://b.dev/api"];
    const services = [{ name: "web", kind: "Application", addresses, running }];
    assert.match(
      comment({ services }),
      /^\| `web` \| \*\*in part\*\*, since 2026-11-28 12:00 UTC \| <https:\/\/a\.dev\/><br><http:\/\/b\.dev\/api> \|$/m,
    );
  });

  it("has the end of a reason that is too long for it", () => {
    const text = comment({ status: "failed", reason: `first\n${"x".repeat(60_000)}\nlast` });
    assert.match(text, /\nlast\n/);
    assert.doesNotMatch(text, /first/);
    assert.ok(text.length < 65_536);
  });
});
