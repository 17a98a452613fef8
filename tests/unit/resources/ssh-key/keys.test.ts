import * as assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { newKeyPair, plainKey, publicKeyOf } from "../../../../provider/resources/ssh-key/keys";

/** Bytes of a key in the format of OpenSSH are others than they were. */
function altered(privateKey: string, from: string, to: string): string {
  const [, body = ""] = /-----\n([\s\S]*)\n-----/.exec(privateKey) ?? [];
  const bytes = Buffer.from(body, "base64").toString("latin1").replace(from, to);
  const changed = Buffer.from(bytes, "latin1").toString("base64");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${changed}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** The parts of a blob of SSH. */
function partsOf(blob: Buffer): Buffer[] {
  if (blob.length === 0) return [];
  const end = 4 + blob.readUInt32BE(0);
  return [blob.subarray(4, end), ...partsOf(blob.subarray(end))];
}

const problemOf = (key: string) => {
  const found = publicKeyOf(key);
  return "problem" in found ? found.problem : "none";
};

describe("keys of SSH", () => {
  it("are created as OpenSSH writes them: a pair that belongs together, and another one each time", () => {
    const { privateKey, publicKey } = newKeyPair();
    assert.match(privateKey, /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=]{1,70}\n)+-----END /);
    assert.match(publicKey, /^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43} dokploy$/);
    assert.notEqual(newKeyPair().privateKey, privateKey);

    const body = Buffer.from(privateKey.split("\n").slice(1, -2).join(""), "base64").subarray(15);
    const [cipher, kdf, options] = partsOf(body.subarray(0, 20));
    assert.deepEqual([cipher, kdf, options].map(String), ["none", "none", ""]);
    const [open = Buffer.alloc(0), secret = Buffer.alloc(0)] = partsOf(body.subarray(24));
    assert.equal(secret.length % 8, 0);
    assert.ok(secret.subarray(0, 4).equals(secret.subarray(4, 8)));
    const [type, point = Buffer.alloc(0)] = partsOf(open);
    assert.equal(String(type), "ssh-ed25519");
    const both = secret.subarray(8 + open.length + 4, 8 + open.length + 4 + 64);
    const [d, x] = [both.subarray(0, 32), point].map((part) => part.toString("base64url"));
    const jwk = { kty: "OKP", crv: "Ed25519", x };
    const signed = sign(
      null,
      Buffer.from("x"),
      createPrivateKey({ format: "jwk", key: { ...jwk, d } as never }),
    );
    const opener = createPublicKey({ format: "jwk", key: jwk as never });
    assert.ok(verify(null, Buffer.from("x"), opener, signed));
    assert.ok(both.subarray(32).equals(point));
  });

  it("give the public one, with any line breaks", () => {
    const { privateKey, publicKey } = newKeyPair();
    for (const text of [privateKey, privateKey.trim(), `\n ${privateKey.replaceAll("\n", " \r\n")}\n`]) {
      assert.deepEqual(publicKeyOf(text), { publicKey });
      assert.equal(plainKey(text), privateKey);
    }
  });

  it("of RSA's own format give theirs", () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const found = publicKeyOf(privateKey.export({ type: "pkcs1", format: "pem" }) as string);
    assert.ok("publicKey" in found);
    const [type = "", body = "", ...more] = found.publicKey.split(" ");
    assert.deepEqual([type, more], ["ssh-rsa", ["dokploy"]]);
    const [name, e, n] = partsOf(Buffer.from(body, "base64"));
    const jwk = publicKey.export({ format: "jwk" });
    assert.equal(String(name), "ssh-rsa");
    assert.equal(e?.toString("base64url"), jwk.e);
    // The first bit of a modulus is set, and would be a sign.
    assert.equal(n?.[0], 0);
    assert.equal(n?.subarray(1).toString("base64url"), jwk.n);
  });

  it("are refused if Dokploy or git would fail with them", () => {
    const { privateKey } = newKeyPair();
    assert.match(problemOf(altered(privateKey, "none", "aesx")), /^has a passphrase/);
    assert.match(problemOf(altered(privateKey, "ssh-ed25519", "ecdsa-p-256")), /^is neither an Ed25519 nor/);
    assert.match(
      problemOf(altered(privateKey, "openssh", "opensss")),
      /^is not a complete OpenSSH private key/,
    );
    const half = `${privateKey.slice(0, 90)}\n-----END OPENSSH PRIVATE KEY-----\n`;
    assert.match(problemOf(half), /^is not a complete OpenSSH private key/);
    const rsa = (body: string) =>
      problemOf(`-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----`);
    assert.match(rsa("Proc-Type: 4,ENCRYPTED\n\nabc"), /^has a passphrase/);
    assert.match(rsa("AAAA"), /^is not a complete RSA private key/);
    const whole = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
    const lines = (whole.export({ type: "pkcs1", format: "pem" }) as string).split("\n");
    assert.match(
      problemOf([lines[0], "Comment: $(id)", "", ...lines.slice(1)].join("\n")),
      /^is not a complete RSA private key/,
    );
    const { privateKey: ec } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    assert.match(
      problemOf(ec.export({ type: "pkcs8", format: "pem" }) as string),
      /^has the format PRIVATE KEY: .*ssh-keygen -p/,
    );
    for (const text of ["", "ssh-ed25519 AAAA", "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----"])
      assert.match(problemOf(text), /^is not a private key/);
  });
});
