import * as assert from "node:assert/strict";
import { majorOf, otherMajor } from "../../../../provider/resources/databases/images";

describe("the version of an image", () => {
  for (const [image, major] of [
    ["mysql:8", 8],
    ["mysql:8.4.2-oracle", 8],
    ["registry.example.com:5000/team/mysql:11", 11],
    ["mongo:v10", 10],
    ["mysql:latest", undefined],
    ["mysql:lts-8", undefined],
    ["mysql", undefined],
    ["registry.example.com:5000/mysql", undefined],
  ] as const) {
    it(`is ${major ?? "not known"} of ${image}`, () => assert.equal(majorOf(image), major));
  }

  it("means nothing for the data if it is the same, or not known", () => {
    assert.deepEqual(otherMajor("MySQL", "mysql:8", "mysql:8.4"), {});
    assert.deepEqual(otherMajor("MySQL", "mysql:lts", "mysql:8"), {});
    assert.deepEqual(otherMajor("MySQL", "mysql:8", "mysql:lts"), {});
  });

  it("is refused if it is older, and reported if there is no way back", () => {
    assert.deepEqual(otherMajor("MySQL", "mysql:9", "mysql:8"), {
      problem:
        "MySQL 8 does not start with the data of MySQL 9. Dump the data, add a resource with a new name and that " +
        "image, and restore the dump there",
    });
    assert.deepEqual(otherMajor("MySQL", "mysql:8", "mysql:9"), {
      warning:
        "its data is upgraded from MySQL 8 to 9, which cannot be undone. Read the release notes of that version, " +
        "which may require one version at a time, and make a backup",
    });
  });
});
