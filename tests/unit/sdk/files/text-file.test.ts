import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { composeFile, imageFile, textFile } from "../../../../sdk";
import { imageIn, inserted } from "../../../../sdk/files";
import { EnvFolder, failureOf } from "../env-files/env-folder";

const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

describe("a text file", () => {
  let folder: EnvFolder;
  before(() => {
    folder = new EnvFolder();
    folder.write("app.toml", "a = '${A}'\nb = '${B}'\nc = '$A ${A:-x} $${A}'\n");
  });
  after(() => folder.remove());

  it("is its text, unless values are given", () => {
    assert.equal(textFile("app.toml"), "a = '${A}'\nb = '${B}'\nc = '$A ${A:-x} $${A}'\n");
  });

  it("has values in its places as they are, and is secret if one of them is", async () => {
    const filled = textFile("app.toml", { values: { A: pulumi.secret("it's $& ${B}"), B: "b" } });
    assert.equal(await pulumi.isSecret(filled), true);
    const text = "a = 'it's $& ${B}'\nb = 'b'\nc = '$A ${A:-x} $it's $& ${B}'\n";
    assert.equal(await known(filled), text);
    const open = textFile("app.toml", { values: { A: "x" } });
    assert.equal(await pulumi.isSecret(open), false);
    assert.match(await known(open), /b = '\$\{B\}'/);
  });

  it("refuses a value that has no place", () => {
    for (const name of ["C", "A:-x", "toString", "__proto__"])
      assert.match(
        failureOf(() => textFile("app.toml", { values: Object.fromEntries([[name, "canary"]]) })),
        /^app\.toml: has no \$\{.*\}, which values gives a text for; correct the name, or remove the value$/,
      );
    assert.match(
      failureOf(() => textFile("none.toml", { values: {} })),
      /^none\.toml: there is no such file/,
    );
  });

  it("is the source of a compose service, by its path", async () => {
    folder.write("compose.yaml", "services:\n  db:\n    environment: { PW: '${PW}' }\n");
    const { composeFile: text, ...source } = composeFile("compose.yaml", {
      values: { PW: pulumi.secret("x") },
    });
    assert.deepEqual(source, { type: "raw", file: "compose.yaml" });
    assert.equal(await known(text), "services:\n  db:\n    environment: { PW: 'x' }\n");
  });

  it("has no other text in its places, for any values", () => {
    const part = fc.constantFrom("${", "}", "A", "$", "${A}", "${B}", "x");
    fc.assert(
      fc.property(fc.array(part), fc.array(part), (texts, values) => {
        const text = texts.join("");
        const value = values.join("");
        assert.equal(inserted(text, { A: value }), text.split("${A}").join(value));
      }),
    );
  });
});

describe("an image file", () => {
  let folder: EnvFolder;
  before(() => {
    folder = new EnvFolder();
    for (const name of ["a.SVG", "b.ico", "c.txt", "large.png"])
      folder.write(name, Buffer.alloc(name === "large.png" ? 1536 * 1024 + 1 : 3, 1));
  });
  after(() => folder.remove());

  it("is a data URL of the type that its ending or the program says", () => {
    assert.equal(imageFile("a.SVG"), "data:image/svg+xml;base64,AQEB");
    assert.equal(imageFile("b.ico"), "data:image/x-icon;base64,AQEB");
    assert.equal(
      imageFile("b.ico", { type: "image/vnd.microsoft.icon" }),
      "data:image/vnd.microsoft.icon;base64,AQEB",
    );
    assert.equal(imageFile("c.txt", { type: "image/png" }), "data:image/png;base64,AQEB");
  });

  it("is refused where it is no image, or too large", () => {
    assert.match(
      failureOf(() => imageFile("c.txt")),
      /^c\.txt: images end with \.svg, /,
    );
    assert.match(
      failureOf(() => imageFile("a.SVG", { type: "text/html" })),
      /the option type is no type of an image/,
    );
    assert.match(
      failureOf(() => imageFile("large.png")),
      /^large\.png: is 1537 KiB long, and 1536 KiB is the limit/,
    );
    assert.match(
      failureOf(() => imageFile("../a.svg")),
      /no such file|outside/,
    );
  });

  it("is found in a data URL that the file gives again", () => {
    for (const url of [
      "data:image/svg+xml;base64,PHN2Zz4=",
      "data:image/jpeg;base64,AAEC",
      "data:image/vnd.microsoft.icon;base64,AAEC",
      "data:image/x-other+y;base64,AAEC",
    ]) {
      const { ending, type, bytes } = imageIn(url) ?? assert.fail(url);
      folder.write(`x${ending}`, bytes);
      assert.equal(imageFile(`x${ending}`, type === undefined ? {} : { type }), url);
    }
    for (const text of [
      "data:image/png,x",
      "data:text/html;base64,AAEC",
      "data:image/png;base64,AA=",
      "data:image/png;base64,AB==",
      "https://acme.dev/x.png",
      " data:image/png;base64,AAEC",
    ])
      assert.equal(imageIn(text), undefined, text);
  });
});
