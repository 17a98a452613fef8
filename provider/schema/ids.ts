/**
 * Matches Dokploy's ids: 21 random characters. Projects that are older than environments have a default environment
 * with a longer id, made of the project's id and the time: `env_prod_PQqzqTGCVtx0St2SA3vCi_1756789012.345678`.
 */
export const idPattern = /^(?:[A-Za-z0-9_-]{21}|env_prod_[A-Za-z0-9_-]{21}_\d{1,12}(?:\.\d{1,9})?)$/;

/** Message for an invalid id. It never contains the text, because a misplaced value may be a secret. */
export const notAnId = "is not an id of Dokploy (21 letters, digits, - and _)";

/** True when a text has the format of an id. */
export function isId(text: string): boolean {
  return idPattern.test(text);
}
