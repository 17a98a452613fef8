import * as assert from "node:assert/strict";
import { program, ten } from "./parts-program";
import { Story } from "./story";

describe("parts that a service lists", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  for (const [what, parts, expected] of [
    [
      "two of one list",
      {
        domains: `[{ host: "a.example.com" }, { host: "b.example.com" }, { host: "a.example.com", path: "/" }]`,
      },
      /Application "web": domains\[0\] and \[2\] are the same Domain: they have the same host and path/,
    ],
    [
      "two of one list whose names come later",
      { domains: `[{ host: pulumi.output("a.example.com") }, { host: "a.example.com" }]` },
      /Application "web": domains\[0\] and \[1\] are the same Domain/,
    ],
    [
      "one of a list and a resource",
      {
        domains: `[{ host: "a.example.com" }]`,
        more: `new dokploy.Domain("alone", { applicationId: web.id, host: "a.example.com" });`,
      },
      /Domain "alone" and domains\[0\] of Application "web" are the same Domain: .* for the same service/,
    ],
    [
      "a resource that names no service of the compose file, which is still to be made",
      {
        more: `new dokploy.Domain("alone", { composeId: wiki.id, serviceName: "webb", host: "b.example.com" });`,
      },
      /serviceName.*"webb" is not a service of the compose file, which has web\. Did you mean web\?/s,
    ],
    [
      "what breaks a rule of the definition",
      { domains: `[{ host: "a.example.com", certificateType: "custom" }]` },
      /domains\["a\.example\.com\/"\]\.customCertResolver: is missing: a custom certificate needs it/,
    ],
    [
      "a wrong type",
      { ports: `[{ publishedPort: 25, targetPort: 0 }]` },
      /ports\["25\/tcp"\]\.targetPort: must be at least 1/,
    ],
  ] as const) {
    it(`are refused at preview: ${what}`, async () => {
      story.program(program({ wiki: ten(8080), ...parts }));
      const { output, calls } = await story.fails("preview");
      assert.match(output, expected);
      assert.deepEqual(
        calls.filter((call) => /\.(create|update|delete|deploy)$/.test(call)),
        [],
      );
    });
  }
});
