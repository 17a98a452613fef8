/**
 * Ids as Dokploy makes them: 21 random characters. Default environments of projects that are older than environments have
 * longer ones, made of the project's id and the time: `env_prod_PQqzqTGCVtx0St2SA3vCi_1756789012.345678`.
 */
export const idPattern = /^(?:[A-Za-z0-9_-]{21}|env_prod_[A-Za-z0-9_-]{21}_\d{1,12}(?:\.\d{1,9})?)$/;

/** What is said of a text that can be no id. Never with the text: what slipped into the place of an id may be a secret. */
export const notAnId = "is not an id as Dokploy gives them (21 letters, digits, - and _)";

/** Whether a text can be the id of something. */
export function isId(text: string): boolean {
  return idPattern.test(text);
}
