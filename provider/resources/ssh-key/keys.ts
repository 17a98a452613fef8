import { createPublicKey, generateKeyPairSync, type JsonWebKey, randomBytes } from "node:crypto";

/** A key pair as Dokploy stores it. */
export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** Comment at the end of a public key, which has no meaning. */
const COMMENT = "dokploy";
/** Matches the lines of a key as ssh-keygen breaks them. */
const LINES = /.{1,70}/g;
/** Matches the lines between the first and the last one of a key. */
const BASE64 = /^[A-Za-z0-9+/=\n]+$/;
const MAGIC = Buffer.from("openssh-key-v1\0");

/** Generates an Ed25519 key pair in the OpenSSH format. */
export function newKeyPair(): KeyPair {
  const { x, d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const [point, seed] = [bytes(x), bytes(d)];
  const check = randomBytes(4);
  const open = blob("ssh-ed25519", point);
  const secret = Buffer.concat([check, check, open, blob(Buffer.concat([seed, point]), COMMENT)]);
  const padding = Buffer.from(Array.from({ length: -secret.length & 7 }, (_, at) => at + 1));
  const count = Buffer.from([0, 0, 0, 1]);
  const parts = [MAGIC, blob("none", "none", ""), count, blob(open, Buffer.concat([secret, padding]))];
  const lines = Buffer.concat(parts).toString("base64").match(LINES) ?? [];
  return {
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`,
    publicKey: written("ssh-ed25519", open),
  };
}

/** Returns a private key as Dokploy accepts it: lines that end in LF, without spaces or empty lines around them. */
export function plainKey(privateKey: string): string {
  const lines = privateKey.trim().split("\n");
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** Returns the public key for a private key, or the problem with that key, which is never quoted. */
export function publicKeyOf(privateKey: string): { publicKey: string } | { problem: string } {
  const text = plainKey(privateKey);
  const [, format = "", body = ""] =
    /^-----BEGIN ([A-Z ]{1,40})-----\n([\s\S]*)\n-----END \1-----\n$/.exec(text) ?? [];
  if (format === "OPENSSH PRIVATE KEY" && BASE64.test(body)) {
    return ofOpenSsh(Buffer.from(body, "base64"));
  }
  if (format === "RSA PRIVATE KEY") return ofRsa(text, body);
  if (/PRIVATE KEY$/.test(format)) {
    return { problem: `has the format ${format}: ${CONVERT}` };
  }
  return { problem: "is not a private key: the first line of one is -----BEGIN OPENSSH PRIVATE KEY-----" };
}

const CONVERT = "Dokploy needs the OpenSSH format, to which `ssh-keygen -p` converts a copy";
const PASSPHRASE =
  "has a passphrase, which nobody can enter when Dokploy uses the key. `ssh-keygen -p` removes it from a copy";

function ofOpenSsh(key: Buffer): ReturnType<typeof publicKeyOf> {
  try {
    if (!key.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error();
    let at = MAGIC.length;
    const next = () => {
      const end = at + 4 + key.readUInt32BE(at);
      if (end > key.length) throw new Error();
      const part = key.subarray(at + 4, end);
      at = end;
      return part;
    };
    const [cipher] = [next(), next(), next()];
    at += 4;
    const open = next();
    const type = open.subarray(4, 4 + open.readUInt32BE(0)).toString();
    if (cipher?.toString() !== "none") return { problem: PASSPHRASE };
    if (type !== "ssh-ed25519" && type !== "ssh-rsa")
      return { problem: "is neither an Ed25519 nor an RSA key: Dokploy accepts no others" };
    return { publicKey: written(type, open) };
  } catch {
    return { problem: "is not a complete OpenSSH private key: something is missing in it" };
  }
}

function ofRsa(text: string, body: string): ReturnType<typeof publicKeyOf> {
  if (/ENCRYPTED/.test(body)) return { problem: PASSPHRASE };
  try {
    // OpenSSL reads past other lines, which Dokploy would put into a shell command with the rest.
    if (!BASE64.test(body)) throw new Error();
    const { n, e } = createPublicKey(text).export({ format: "jwk" });
    return { publicKey: written("ssh-rsa", blob("ssh-rsa", number(e), number(n))) };
  } catch {
    return { problem: "is not a complete RSA private key: something is missing in it" };
  }
}

function written(type: string, open: Buffer): string {
  return `${type} ${open.toString("base64")} ${COMMENT}`;
}

/** Joins the parts, each preceded by its length. */
function blob(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const data = Buffer.from(part as string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(data.length);
      return [length, data];
    }),
  );
}

function bytes(text: JsonWebKey["x"]): Buffer {
  return Buffer.from(text ?? "", "base64url");
}

/** Encodes a number for SSH, whose first bit is the sign. */
function number(text: JsonWebKey["n"]): Buffer {
  const data = bytes(text);
  return (data[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), data]) : data;
}
