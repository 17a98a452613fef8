import type * as Crypto from "node:crypto";
import { isUnknown } from "../../../packages/values";

const END = "-----END CERTIFICATE-----";
const dayMs = 86_400_000;
/** Enough time to get another certificate, even over holidays. */
const soonDays = 30;

/** Returns the problem with certificates in PEM, that of the host first; false when there is none. */
export function chainProblem(text: unknown): string | false {
  if (typeof text !== "string" || isUnknown(text)) return false;
  if (text.includes("PRIVATE KEY"))
    return "contains a private key, which is a secret: give it only as privateKey";
  const blocks = blocksOf(text);
  if (blocks.length === 0) return "has no certificate in PEM: -----BEGIN CERTIFICATE----- and so on";
  const wrong = blocks.findIndex((block) => parsed(block) === undefined);
  return wrong !== -1 && `cannot be read: certificate ${wrong + 1} of ${blocks.length} is damaged`;
}

/** Returns the problem with a private key in PEM for these certificates, without showing it; false for none. */
export function keyProblem(key: unknown, chain: unknown): string | false {
  if (typeof key !== "string" || isUnknown(key)) return false;
  if (/ENCRYPTED/.test(key))
    return "is protected by a passphrase, which nobody could enter: give the key without one";
  let opened: Crypto.KeyObject;
  try {
    opened = crypto().createPrivateKey(key);
  } catch {
    return "is not a private key in PEM: -----BEGIN PRIVATE KEY----- and so on";
  }
  const [first] = typeof chain === "string" && !isUnknown(chain) ? blocksOf(chain) : [];
  const certificate = first === undefined ? undefined : parsed(first);
  return (
    certificate !== undefined &&
    !certificate.checkPrivateKey(opened) &&
    "does not belong to the first certificate"
  );
}

/** Returns advice when the first of these certificates to expire has expired, or does so soon. */
export function expiryAdvice(chain: unknown, now = Date.now()): string | undefined {
  if (typeof chain !== "string" || isUnknown(chain)) return undefined;
  const ends = blocksOf(chain).flatMap((block) => {
    const end = Date.parse(parsed(block)?.validTo ?? "");
    return Number.isNaN(end) ? [] : [end];
  });
  const end = Math.min(...ends);
  if (end - now > soonDays * dayMs) return undefined;
  const date = new Date(end).toISOString().slice(0, 10);
  if (end <= now) return `expired on ${date}: clients refuse it. Give it a new certificate`;
  const days = Math.floor((end - now) / dayMs);
  return (
    `expires on ${date}, in ${days === 1 ? "1 day" : `${days} days`}. Dokploy does not renew it: give it a new ` +
    "certificate"
  );
}

function blocksOf(text: string): string[] {
  const parts = text.split(END).slice(0, -1);
  return parts.flatMap((part) => {
    const begin = part.lastIndexOf("-----BEGIN CERTIFICATE-----");
    return begin === -1 ? [] : [part.slice(begin) + END];
  });
}

function parsed(block: string): Crypto.X509Certificate | undefined {
  try {
    return new (crypto().X509Certificate)(block);
  } catch {
    return undefined;
  }
}

/** Loads the module when a certificate is given. */
function crypto(): typeof Crypto {
  return require("node:crypto") as typeof Crypto;
}
