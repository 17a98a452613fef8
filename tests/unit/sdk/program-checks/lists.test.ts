import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { claimObject, claimParts, withNamedParts } from "../../../../sdk/program-checks";

type Values = Record<string, unknown>;

const named = (args: Values) => withNamedParts("Application", "web", args) as Values;
const domains = async (list: unknown): Promise<string[]> => {
  const map = await named({ domains: list })["domains"];
  return Object.keys(pulumi.Output.isInstance(map) ? await settled(map) : (map as object));
};
const settled = (output: pulumi.Output<unknown>): Promise<object> =>
  (output as unknown as { promise(): Promise<object> }).promise();

describe("the parts that a service lists", () => {
  it("are named at once by what distinguishes them, with its defaults", () => {
    assert.deepEqual(
      named({
        domains: [{ host: "a.example.com" }, { host: "a.example.com", path: "/b", port: 80 }],
        ports: [{ publishedPort: 25, targetPort: 2525 }],
        redirects: [{ regex: "^a" }],
        replicas: 2,
      }),
      {
        domains: {
          "a.example.com/": { host: "a.example.com" },
          "a.example.com/b": { host: "a.example.com", path: "/b", port: 80 },
        },
        ports: { "25/tcp": { publishedPort: 25, targetPort: 2525 } },
        redirects: { "^a": { regex: "^a" } },
        replicas: 2,
      },
    );
  });

  it("leave inputs alone that are not given", () => {
    assert.deepEqual(named({ name: "web" }), { name: "web" });
    assert.deepEqual(named({ domains: null }), { domains: null });
  });

  it("are a list", async () => {
    const wrong = /Application "web": domains must be a list of objects, each with the inputs of a Domain\./;
    for (const given of [{ host: "a.example.com" }, "a.example.com", {}, 5])
      assert.throws(() => named({ domains: given }), wrong);
    await assert.rejects(domains(pulumi.output("a.example.com")), wrong);
  });

  it("are named as soon as their names are known, in any form", async () => {
    const host = pulumi.output("a.example.com");
    assert.deepEqual(await domains([{ host }]), ["a.example.com/"]);
    assert.deepEqual(await domains([{ host: Promise.resolve("a.example.com"), path: "/b" }]), [
      "a.example.com/b",
    ]);
    assert.deepEqual(await domains([pulumi.output({ host })]), ["a.example.com/"]);
    assert.deepEqual(await domains(pulumi.output([{ host }])), ["a.example.com/"]);
    assert.deepEqual(await domains(Promise.resolve([{ host }])), ["a.example.com/"]);
  });

  it("are called by their place if the name is a secret", async () => {
    const host = pulumi.secret("canary.example.com");
    assert.deepEqual(await domains([{ host: "a.example.com" }, { host }]), ["a.example.com/", "[1]"]);
    assert.deepEqual(await domains(pulumi.secret([{ host: "canary.example.com" }])), ["[0]"]);
    assert.deepEqual(await domains([{ host: "a.example.com", path: pulumi.secret("/canary") }]), ["[0]"]);
  });

  it("must not contain duplicates", async () => {
    const same =
      /Application "web": domains\[0\] and \[1\] are the same Domain: they have the same host and path/;
    const duplicates = [{ host: "a.example.com" }, { host: "a.example.com", path: "/" }];
    assert.throws(() => named({ domains: duplicates }), same);
    await assert.rejects(domains([{ host: pulumi.output("a.example.com") }, duplicates[1]]), same);
  });

  it("are reported once if two are the same", async () => {
    const host = pulumi.output("a.example.com");
    const { domains } = named({ domains: [{ host }, { host }] });
    const server = {};
    const id = pulumi.output("an application");
    claimParts(server, "Application", "web", { domains }, id);
    await assert.rejects(domains as Promise<unknown>, /domains\[0\] and \[1\] are the same Domain/);
    await new Promise((resolve) => setImmediate(resolve));
    claimObject(server, "Domain", "alone", { applicationId: id, host: "a.example.com" });
  });

  it("must not exist as another resource", () => {
    const server = {};
    const id = pulumi.output("an application");
    claimParts(server, "Application", "web", named({ domains: [{ host: "a.example.com" }] }), id);
    claimObject(server, "Domain", "other", { applicationId: id, host: "b.example.com" });
    claimObject({}, "Domain", "elsewhere", { applicationId: id, host: "a.example.com" });
    assert.throws(
      () => claimObject(server, "Domain", "alone", { applicationId: id, host: "a.example.com", path: "/" }),
      /Domain "alone" and domains\[0\] of Application "web" are the same Domain: they have the same host and path for the same service/,
    );
  });
});
