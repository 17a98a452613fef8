/** Tables of responses and broken connections: meaning, cause and remedy, one row for each. */

import type { ErrorKind } from "./errors";
import { type Answer, type CallContext, described, type Failure } from "./failure";
import { since } from "./features";
import { FOR_ADMINS, isRefusal, remedyFor } from "./permissions";
import { GATEWAY_FAILURES } from "./retry";
import { howToSet, OLD_SETTINGS } from "./settings/table";
import { FLOOR } from "./version";

interface Rule {
  readonly kind: ErrorKind;
  readonly when: (f: Failure) => boolean;
  readonly why: (f: Failure) => string;
  readonly fix: (f: Failure) => string;
}

export const CHECK_URL = `Check the address: ${howToSet("url")}.`;
export const MAY_BE_AWAY = "It may be down, updating or restarting: look at the server, then run again.";
const NEW_KEY =
  "Create a key with rate limiting off in Dokploy under Settings > Profile > API/CLI Keys, " +
  `and set it with ${howToSet("apiKey")}.`;
const KEY_LIMIT =
  "Keys made through the API allow 10 checks in 24 hours unless their rate limit is switched off, and each call counts as two";
const UNKNOWN_PROCEDURE = /^not[ _]found$/i;

/** `Port not found`, `Error updating the environment: Environment not found`; not the output of some command. */
const SOMETHING_NOT_FOUND =
  /^(?:Error [a-z ]{1,40}: )?(?:Volume backup|Vault provider|Git provider|[A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*| key)*) not found(?: in this organization| or you don't have permission to [a-z]{1,20} it)?\.?$/;

/** Meanings of responses: the first matching rule counts. The responses are those of Dokploy 0.30.2 and of proxies. */
export const RULES: readonly Rule[] = [
  {
    kind: "redirect",
    when: (f) => f.status >= 300 && f.status < 400,
    why: (f) => `${f.host} redirects to ${redirectTarget(f)}`,
    fix: redirectFix,
  },
  {
    kind: "not-dokploy",
    when: (f) => f.status === 407,
    why: () => "the proxy on the way asks for a login",
    fix: () => "Put user and password into HTTPS_PROXY or HTTP_PROXY, or name the host in NO_PROXY.",
  },
  {
    kind: "too-large",
    when: (f) => f.status === 413,
    why: () => "the request is too large (Dokploy accepts 1 MB in one call)",
    fix: () =>
      "Make the environment text or the compose file smaller, for example by moving files into mounts.",
  },
  {
    kind: "rate-limited",
    when: (f) => f.status === 429,
    why: (f) => `${f.host} receives too many requests`,
    fix: () => "Run again later, or raise the limit of the proxy in front of Dokploy.",
  },
  {
    kind: "unreachable",
    when: (f) => (f.status === 503 && !f.isDokploys) || GATEWAY_FAILURES.has(f.status),
    why: (f) => `Dokploy behind ${f.host} does not answer`,
    fix: () => MAY_BE_AWAY,
  },
  {
    kind: "not-dokploy",
    when: (f) => !f.isDokploys,
    why: (f) => `${f.host} responded with ${described(f.answer)}, which is not a response of Dokploy's API`,
    fix: (f) =>
      f.status === 401 || f.status === 403
        ? `A proxy or login in front of Dokploy refused the call: let requests to /api pass.${f.context.keyWorked ? "" : ` ${CHECK_URL}`}`
        : CHECK_URL,
  },
  {
    kind: "forbidden",
    when: (f) => f.status === 403 && /\benterprise licen[cs]e\b/i.test(f.rawMessage),
    why: (f) => `it needs a license for Dokploy Enterprise: ${f.message}`,
    fix: () => "Leave it out, or enter the license in Dokploy (Settings, License).",
  },
  {
    kind: "forbidden",
    when: (f) => f.status === 401 && f.code !== undefined && !/^unauthorized$/i.test(f.rawMessage),
    why: (f) => `the API key lacks the permission, or cannot see this object: ${f.message}`,
    fix: remedy,
  },
  {
    // Some endpoints wrap the refusal into their own error, e.g. `project.create`.
    kind: "forbidden",
    when: (f) =>
      f.status === 400 && (/\bunauthorized to access\b/i.test(f.rawMessage) || isRefusal(f.rawMessage)),
    why: (f) => `the API key lacks the permission: ${f.message}`,
    fix: remedy,
  },
  {
    kind: "forbidden",
    when: (f) => f.status === 401 && f.code !== undefined && FOR_ADMINS.has(f.context.endpoint),
    why: () => "the user of the API key is not an owner or admin, or the key is used up, expired or deleted",
    fix: () => "Use a key of an owner or admin of the organization.",
  },
  {
    kind: "unauthorized",
    when: (f) => f.status === 401 && (f.context.keyWorked || f.code !== undefined),
    // Dokploy refuses every key while its database does not run.
    why: () =>
      "the API key was good a moment ago and is refused now: rate-limited, used up, expired or deleted, or Dokploy cannot reach its own database",
    fix: () => `${KEY_LIMIT}. ${NEW_KEY} ${OLD_SETTINGS}`,
  },
  {
    kind: "unauthorized",
    when: (f) => f.status === 401 && f.context.auth === "bearer",
    why: () => "the API key was refused",
    fix: () => `dokploy:auth is bearer, and Dokploy itself reads only x-api-key: ${howToSet("auth")}.`,
  },
  {
    kind: "unauthorized",
    when: (f) => f.status === 401,
    why: () => "the API key was refused: wrong, expired, deleted or its rate limit used up",
    fix: () => `${NEW_KEY} ${KEY_LIMIT}. ${OLD_SETTINGS}`,
  },
  {
    kind: "forbidden",
    when: (f) => f.status === 403,
    why: (f) => `the API key is not allowed to do this: ${f.message}`,
    fix: remedy,
  },
  {
    kind: "unsupported-version",
    when: (f) =>
      f.status === 404 &&
      f.code === "NOT_FOUND" &&
      f.path === undefined &&
      UNKNOWN_PROCEDURE.test(f.rawMessage),
    why: (f) => `this Dokploy has no ${f.context.endpoint}`,
    fix: (f) => {
      const version = since(f.context.endpoint);
      return version === undefined
        ? `Update Dokploy (at least ${FLOOR.text}), or check the address: ${howToSet("url")}.`
        : `It was added in Dokploy ${version.text}: update the server.`;
    },
  },
  {
    kind: "not-found",
    when: (f) => f.status === 404 && f.code === "NOT_FOUND",
    why: (f) => f.message,
    fix: () => "It was deleted, or its id is wrong: compare with Dokploy, or run `pulumi refresh`.",
  },
  {
    kind: "not-dokploy",
    when: (f) => f.status === 404,
    why: (f) => `${f.host} has no such address`,
    fix: () => CHECK_URL,
  },
  {
    kind: "not-found",
    when: (f) => f.status === 400 && SOMETHING_NOT_FOUND.test(f.rawMessage),
    why: (f) => f.message,
    fix: () => "It was deleted, or its id is wrong: compare with Dokploy, or run `pulumi refresh`.",
  },
  {
    kind: "invalid",
    when: (f) => f.status === 400 && f.rawMessage === "Error updating application",
    why: (f) => f.message,
    fix: () =>
      "Dokploy says this when no application has the id: it may have been deleted; run `pulumi refresh`.",
  },
  {
    kind: "invalid",
    when: (f) => f.fields !== "",
    why: (f) => `Dokploy refused the values: ${f.fields}`,
    fix: () => "Correct the named inputs.",
  },
  {
    kind: "invalid",
    when: (f) => /\bNo values to set$/.test(f.rawMessage),
    why: () => "the call changes nothing, which Dokploy refuses",
    fix: () => "Give at least one value to change.",
  },
  {
    kind: "conflict",
    when: (f) => f.status === 409,
    why: (f) => f.message,
    fix: () => "Choose another name or port, or remove the object that has it.",
  },
  {
    kind: "invalid",
    when: (f) => f.status < 500,
    why: (f) => f.message,
    fix: (f) =>
      /Failed query/.test(f.rawMessage)
        ? "An id in the inputs may be wrong (project, registry, key …), or the object already exists."
        : "Correct the inputs, or compare with what Dokploy shows.",
  },
  {
    kind: "server",
    when: (f) => /^No container or service found for: /.test(f.rawMessage),
    why: () => "Docker has no container of it, and no log without one",
    fix: () => "It was never deployed, or somebody removed its container: deploy it first.",
  },
  {
    kind: "server",
    when: () => true,
    why: (f) => f.message,
    fix: (f) =>
      /Failed query/.test(f.rawMessage)
        ? "A value may have the wrong type, or an id may be wrong; the server's log has the details."
        : "The server's log has the details.",
  },
];

/** Reasons why a request got no response. TLS codes start with CERT, ERR_TLS or ERR_SSL, or name a certificate. */
export const FAULTS: readonly {
  readonly code: RegExp;
  readonly kind: ErrorKind;
  readonly why: (host: string) => string;
  readonly fix: string;
}[] = [
  {
    code: /^ECONNREFUSED$/,
    kind: "unreachable",
    why: (host) => `${host} refuses connections`,
    fix: `Is Dokploy running, and is the port right? ${CHECK_URL}`,
  },
  {
    code: /^(?:ENOTFOUND|EAI_AGAIN)$/,
    kind: "unreachable",
    why: (host) => `the name of ${host} cannot be resolved`,
    fix: `Is it spelt right, and does this machine's DNS know it? ${CHECK_URL}`,
  },
  {
    code: /^ETIMEDOUT$/,
    kind: "timeout",
    why: (host) => `${host} did not answer in time`,
    fix: `Is it reachable from here (firewall, VPN), and is it overloaded? ${CHECK_URL}`,
  },
  {
    code: /CERT|SIGNATURE|^ERR_TLS/,
    kind: "unreachable",
    why: (host) => `the certificate of ${host} is not trusted`,
    fix: "Give Dokploy a valid certificate, or name your own authority's in NODE_EXTRA_CA_CERTS (a PEM file).",
  },
  {
    code: /^(?:EPROTO|ERR_SSL)/,
    kind: "unreachable",
    why: (host) => `${host} does not speak TLS on that port`,
    fix: `Is it http instead of https, or another port? ${CHECK_URL}`,
  },
  {
    // The address of the server was parsed before, so the proxy's address is wrong.
    code: /^ERR_INVALID_URL$/,
    kind: "unreachable",
    why: (host) => `the address of the proxy to ${host} is not a URL`,
    fix: "Correct HTTPS_PROXY or HTTP_PROXY (http://host:port), or name the host in NO_PROXY.",
  },
  {
    code: /^ANSWER_TOO_LARGE$/,
    kind: "server",
    why: (host) => `${host} sent a response that is too large`,
    fix: "Check which server responds at this address; Dokploy's responses stay far below the limit of 50 MB.",
  },
];

export const OTHER_FAULT = {
  kind: "unreachable" as const,
  why: (host: string) => `the connection to ${host} broke`,
  fix: "Run again; if it keeps failing, check the proxy and the network between here and Dokploy.",
};

function remedy({ context, rawMessage }: Failure): string {
  return remedyFor(context.endpoint, rawMessage);
}

function redirectTarget({ answer, context }: Failure): string {
  const target = targetUrl(answer, context);
  return target === undefined ? "an address that it does not name" : `${target.protocol}//${target.host}`;
}

function redirectFix({ answer, context }: Failure): string {
  const target = targetUrl(answer, context);
  const here = new URL(context.url);
  if (target !== undefined && target.hostname === here.hostname && target.protocol !== here.protocol) {
    return `Set that address: \`pulumi config set dokploy:url ${target.origin}${here.pathname.replace(/\/$/, "")}\` or DOKPLOY_URL.`;
  }
  return (
    "Dokploy may be behind a login, or have another address: let requests to /api pass, or set the final address " +
    `with ${howToSet("url")}.`
  );
}

function targetUrl(answer: Answer, context: CallContext): URL | undefined {
  try {
    return answer.location === undefined ? undefined : new URL(answer.location, context.url);
  } catch {
    return undefined;
  }
}
