import { replaceReferences } from "./references";

/**
 * True when a variable should be treated as secret though nothing marks it: judged by the last words of its name, or
 * by the form of its value. Errs towards secret: a plain value that is hidden costs a `!plain`, a secret that was
 * shown cannot be taken back.
 *
 * Never true for empty values, values that consist of references, switches (`true`, `off`, …), plain numbers of
 * names like `MAX_TOKENS`, and ways to log in (`SMTP_AUTH: plain`).
 *
 * @example
 * looksSecret("DB_PASSWORD", "x") // true
 * looksSecret("PASSWORD_MIN_LENGTH", "12") // false
 * looksSecret("DATABASE_URL", "postgres://shop:hunter2@db/shop") // true
 */
export function looksSecret(key: string, value: string): boolean {
  const written = replaceReferences(value, () => "").trim();
  if (written === "") return false;
  return nameLooksSecret(key, written) || looksSecretByValue(written);
}

/** True when the name of a value calls it a secret, and the value is not public under every such name. */
export function nameLooksSecret(key: string, written: string): boolean {
  return looksSecretByKey(key) && !isOpen(key, written);
}

/** Last word of a secret, or its ending: `PASSWORD`, `PGPASSWORD`; `PASS`, but not `COMPASS`. */
const secretWord =
  /(?:PASSWORDS?|PASSWD|PASSPHRASE|PASSCODE|SECRETS?|TOKENS?|CREDENTIALS?|APIKEYS?|\w\wPW)$|^(?:CREDS|DSN|JWT|PASS|PAT|PSK|SALT|PEPPER|COOKIES?|BASICAUTH|AUTHORIZATION|DOCKERCONFIGJSON)$|^(?:PG|DB|MYSQL|SMTP|ROOT|ADMIN|USER)(?:PASS|PWD?)$/;
/** Words after such a word that only describe its place: `PASSWORD_DB`, `API_SECRET_V2`, `TOKEN_PROD`. */
const qualifier =
  /^(?:V|PROD|PRODUCTION|STAGING|DEV|DEVELOPMENT|TEST|LIVE|OLD|NEW|NEXT|PREVIOUS|DB|DATABASE|POSTGRES|PG|MYSQL|MARIADB|MONGO|REDIS|SMTP|MAIL|ROOT|ADMIN)$/;
/** Secret when another word precedes them; alone, `PWD` is the working directory. */
const secretLastWords = new Set(["PWD", "PW"]);
/** Words that make the word after them secret. */
const secretPairs: Readonly<Record<string, RegExp>> = {
  KEY: /^(?:AES|API|PRIVATE|SECRET|ACCESS|ACCOUNT|APP|AUTH|CREDS|CRYPT|DEPLOY|ENC|ENCRYPTION|FERNET|HMAC|JWT|LICENSE|MASTER|NONCE|ROLE|SESSION|SHARED|SIGNING|SSH|WEBHOOK|ANTHROPIC|COHERE|DATADOG|DEEPSEEK|GEMINI|GROQ|MAILGUN|MAILJET|MISTRAL|OPENAI|POSTMARK|RESEND|SENDGRID|STRIPE|TWILIO)$/,
  KEYS: /^(?:API|PRIVATE|SECRET|ACCESS|ENCRYPTION|SIGNING)$/,
  CODE: /^(?:ACCESS|AUTH)$/,
  STRING: /^CONNECTION$/,
  HASH: /^(?:PASSWORD|PASSWD)$/,
  // `BASIC_AUTH`, `NEO4J_AUTH`: a login. `ENABLE_AUTH` and the like only switch it.
  AUTH: /^(?!(?:ALLOW|DISABLE|ENABLE|FORCE|HAS|IS|NEEDS?|NO|OPTIONAL|REQUIRES?|SKIP|USES?|WITH|WITHOUT)$)/,
  // Docker and GitLab use this name for logins of registries.
  CONFIG: /^AUTH$/,
};

/** Values of a variable like `SMTP_AUTH` that name a way to log in, not a login. */
const wayToLogIn =
  /^(?:[01]|none|plain|login|basic|digest|bearer|password|peer|trust|htpasswd|cram-?md5|md5|scram(?:-sha-?\d+)?|ntlm|kerberos|gssapi|ldap|saml2?|oidc|x?oauth2?|jwt|token|cookie|session|required|optional|enabled?|disabled?|allow|deny|local|anonymous)$/i;

function looksSecretByKey(key: string): boolean {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .split(/[_.-]+/)
    // `API_KEY_2` and `PASSWORD1` are of the same kind as the first.
    .map((word) => word.replace(/(?<!\d)\d+$/, ""))
    .filter((word) => word !== "");
  // Rails has a secret of this name; other keys have a base that is not secret.
  if (/(?:^|_)SECRET_KEY_BASE$/.test(words.join("_"))) words.pop();
  // Browsers may see these: `NEXT_PUBLIC_API_KEY`, `STRIPE_PUBLISHABLE_KEY`.
  if (words.includes("PUBLIC") || words.includes("PUBLISHABLE")) return false;
  while (qualifier.test(words.at(-1) ?? "")) words.pop();
  const last = words.at(-1) ?? "";
  const before = words.at(-2);
  if (secretWord.test(last)) return true;
  if (before === undefined) return false;
  return secretLastWords.has(last) || (secretPairs[last]?.test(before) ?? false);
}

/** True for a value that is public although its name says secret: a switch, a number of tokens, a way to log in, an address without a login. */
function isOpen(key: string, value: string): boolean {
  return (
    /^(?:true|false|yes|no|on|off|[01])$/i.test(value) ||
    (/tokens$/i.test(key) && /^\d+$/.test(value)) ||
    (/auth$/i.test(key) && wayToLogIn.test(value)) ||
    (/(?:dsn|connection_?string)$/i.test(key) && addressWithoutLogin.test(value))
  );
}

/**
 * An address without a login, or whose password was a variable; its query has only words and numbers. A name before the
 * host of a web address is a token.
 */
const addressWithoutLogin =
  /^(?!https?:\/\/[^/?#]*@)[a-z][a-z\d+.-]{0,30}:\/\/(?:[^\s/?#:@]{0,300}:?@)?[^\s@?#]*(?:\?(?:&?[\w.-]{1,100}=(?:[a-z_-]{0,20}|\d{1,6})(?![^&]))*)?$/i;

/**
 * Forms of secrets, each with the secret as a group where it is not the whole of what it finds. No text makes one of
 * them slow: repetitions have an upper bound, or can begin in few places.
 */
export const secretForms: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/dg,
  // A password in an address, not a port. In a regular expression, the scheme may be `https?` and slashes escaped.
  /[a-z)?]:(?:\\?\/){2}[^\s/?#:@]{0,300}:(?!\d{1,5}[/?#])([^\s@]{1,300})@/dgi,
  /(?:^|[?&;\s])(?:password|passwd|pwd|secret|client_secret|token|access_token|api_?key|accountkey|sharedaccesskey|sig|signature)=([^&;\s])/dgi,
  // A JSON Web Token.
  /(?<![\w-])eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\./dg,
  /(?:^|\bauthorization["']?\s{0,9}[:=]\s{0,9}["']?)(?:Bearer|Basic)\s(\S)/dgi,
  // GitHub, GitLab, Slack, Stripe, OpenAI and Anthropic, Google, npm, PyPI, DigitalOcean, Docker, Pulumi, Vault, …
  /\b(?:gh[opsur]_\w{20}|github_pat_\w{20}|gl(?:pat|dt|rt|rtr|ptt|cbt|ft|imt|agent|wt|soat|ffct|oas)-[\w-]{16}|xox[abeprs]-[\w-]{8}|xapp-[\w-]{8}|[rs]k_(?:live|test)_\w{10}|whsec_\w{10}|sk-(?:ant-|proj-)?[\w-]{20}|AIza[\w-]{35}|ya29\.[\w-]{10}|npm_\w{20}|pypi-[\w-]{20}|do[oprt]_v1_\w{20}|dckr_pat_[\w-]{10}|pul-[0-9a-f]{40}|hv[bs]\.[\w-]{20}|hf_\w{20}|shp(?:at|ca|pa|ss)_\w{20}|SG\.[\w-]{16,80}\.[\w-]{16}|AGE-SECRET-KEY-1\w)/dg,
  /\bhooks\.slack\.com\/services\/\w|\bdiscord(?:app)?\.com\/api\/webhooks\/\d/dg,
];

/** True when a text has the form of a key, token or login. */
export function looksSecretByValue(value: string): boolean {
  // Unlike `test`, a search begins at the start again.
  return secretForms.some((form) => value.search(form) !== -1);
}

/**
 * True when an address may contain a login: a user in front of its host, a query, or a text that has the form of a
 * token. The user of `git@host:path` is not secret.
 */
export function holdsLogin(url: string): boolean {
  const scheme = url.indexOf("://");
  return (scheme !== -1 && url.includes("@", scheme)) || url.includes("?") || looksSecretByValue(url);
}
