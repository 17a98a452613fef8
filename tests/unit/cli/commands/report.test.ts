import * as assert from "node:assert/strict";
import { livePage } from "../../../../cli/commands";
import { UsageError } from "../../../../cli/terminal";
import { type Emulator, startEmulator } from "../../../../emulator";
import { byHand } from "../by-hand";
import { count, type Part, partsOf, textOf } from "../page/markup";
import { reported } from "../page/reported";
import { type Shop, shopOn } from "../page/shop";

/** A text that would run, load or lead somewhere if any part of a page took it for markup. */
const hostile = `"'><img src=x onerror=document.title='ran'><script>document.title='ran'</script></title></style>\u202e`;

describe("pulumi-dokploy report", function () {
  this.timeout(120_000);
  /** Adds compose services to production: one with a file of its own, and one with a file from git. */
  async function addCompose(emulator: Emulator, { ids }: Shop): Promise<void> {
    const { environmentId } = await byHand<{ environmentId: string }>(
      emulator,
      "application.one",
      { applicationId: ids.get("prod api") ?? "" },
      "GET",
    );
    const url = (name: string) => `http://${ids.get(`prod ${name} host`)}:3000`;
    const composeFile = [
      "services:",
      `  mail: {image: acme/mail, environment: {API_URL: "${url("api")}", LEVEL: info}}`,
      `  copy: {image: acme/copy, environment: ["API_URL=${url("api")}", "BACKUP_URL=${url("api")}/all"]}`,
    ].join("\n");
    for (const [name, more] of [
      ["jobs", { sourceType: "raw", composeFile }],
      ["from-git", { sourceType: "git", composeFile: composeFile.replaceAll(url("api"), url("web")) }],
    ] as const) {
      const { composeId } = await byHand<{ composeId: string }>(emulator, "compose.create", {
        ...{ name, environmentId, composeType: "docker-compose" },
      });
      await byHand(emulator, "compose.update", { composeId, ...more });
    }
  }

  /** The text of a section of the page. */
  function sectionOf(parts: readonly Part[], id: string): string {
    const from = parts.findIndex((part) => part.tag === "section" && part.attributes.get("id") === id);
    assert.ok(from >= 0, id);
    const depth = parts[from]?.within.length ?? 0;
    const rest = parts.slice(from + 1);
    const to = rest.findIndex(({ within }) => within.length <= depth);
    return rest
      .slice(0, to < 0 ? undefined : to)
      .map(({ text, tag }) => text ?? (/^(?:t[dhr]|div|h\d|dd|dt|li)$/.test(tag ?? "") ? " " : ""))
      .join("");
  }

  describe("of a shop with two stages", () => {
    let emulator: Emulator;
    let page: string;
    let parts: Part[];

    before(async () => {
      emulator = await startEmulator({ buildMs: 5 });
      const shop = await shopOn(emulator);
      emulator.audit.isLicensed = true;
      emulator.audit.user = { userId: "ana", userEmail: "ana@acme.example" };
      const applicationId = shop.ids.get("prod api") ?? "";
      await byHand(emulator, "application.update", { applicationId, replicas: 1 });
      await addCompose(emulator, shop);
      emulator.clearCalls();
      page = await reported(emulator, shop);
      parts = partsOf(page);
    });
    after(() => emulator.close());

    it("shows the stages side by side, with image, health, deployment, commit and addresses", () => {
      const text = sectionOf(parts, "stages");
      assert.equal(count(parts, "article"), 8);
      assert.match(text, /api *healthy.*Image ghcr\.io\/acme\/api:1\.4\.2/);
      assert.match(text, /worker *not deployed/);
      assert.match(text, /commit 0123456/);
      assert.match(
        text,
        /image is ghcr\.io\/acme\/worker:1\.4\.2, and ghcr\.io\/acme\/worker:1\.4\.1 in the state/,
      );
      const links = parts.map(({ attributes }) => attributes.get("href"));
      assert.ok(links.includes("https://api.prod.shop.example.com/"));
    });

    it("draws services, databases, networks and addresses, and has each line in words", () => {
      const text = sectionOf(parts, "picture");
      assert.equal(count(parts, "svg"), 2);
      assert.match(text, /api orders DATABASE_URL/);
      assert.match(text, /web api API_URL/);
      assert.match(text, /web\.prod\.shop\.example\.com web serves it/);
      assert.match(text, /api shop-inner is in it/);
      assert.doesNotMatch(text, /web orders/);
    });

    it("draws a service that only a compose file names, in its form as a list or as a mapping", () => {
      assert.match(sectionOf(parts, "picture"), /jobs api API_URL, BACKUP_URL shop/);
    });

    it("draws no service that only a former compose file of a git source names", () => {
      assert.doesNotMatch(sectionOf(parts, "picture"), /(?:from-git|jobs) web/);
    });

    it("shows variables that are missing or differ, and backups with the data that none covers", () => {
      assert.match(sectionOf(parts, "variables"), /LOG_LEVEL of api *different *debug *info/);
      assert.match(sectionOf(parts, "variables"), /NEW_CHECKOUT of api *missing in prod *on *–/);
      assert.match(sectionOf(parts, "backups"), /covers .*orders *Postgres *shop *test *no backup/);
      assert.match(sectionOf(parts, "backups"), /Backups .*orders *Backup *shop *0 3 \* \* \* *no stack/);
      assert.match(sectionOf(parts, "backups"), /api *VolumeBackup *shop *30 4 \* \* \* *no stack/);
    });

    it("has no column for stacks on the emulator's own page, which knows none", async () => {
      const live = sectionOf(partsOf(await livePage(emulator, "")), "backups");
      assert.match(live, /Backups .*orders *Backup *shop *0 3 \* \* \*/);
      assert.doesNotMatch(live, /no stack|Managed by/);
    });

    it("names who changed what an update would change back", () => {
      assert.match(sectionOf(parts, "drift"), /ana@acme\.example .* UTC *prod *api *Application *LOG_LEVEL/);
    });

    it("contains no secret, and changes nothing on the server", () => {
      assert.equal(page.includes("canary-of"), false);
      assert.deepEqual(
        emulator.calls.filter(({ method }) => method !== "GET"),
        [],
      );
    });
  });

  it("consists only of our elements when every name on the server is hostile", async () => {
    const emulator = await startEmulator({ buildMs: 5 });
    try {
      const page = await reported(emulator, await shopOn(emulator, hostile));
      assert.ok(textOf(partsOf(page)).includes("<script>document.title='ran'</script>"));
      assert.equal(page.includes("\u202e"), false);
    } finally {
      await emulator.close();
    }
  });

  it("says which stage could not be read, and fails without any", async () => {
    const emulator = await startEmulator({ buildMs: 5 });
    try {
      const shop = await shopOn(emulator);
      const pulumi: Shop["pulumi"] = async (args) =>
        args.includes("prod")
          ? { code: 1, stdout: "", stderr: "error: no stack named 'prod' found\n" }
          : await shop.pulumi(args);
      const text = textOf(partsOf(await reported(emulator, { pulumi }, "--no-preview")));
      assert.match(
        text,
        /prod not readThe state of stack prod cannot be read: no stack named 'prod' found\./,
      );
      assert.doesNotMatch(text, /Differences/);
      const none = { pulumi: async () => ({ code: 1, stdout: "", stderr: "error: no\n" }) };
      await assert.rejects(reported(emulator, none), UsageError);
    } finally {
      await emulator.close();
    }
  });
});
