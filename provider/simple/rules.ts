/** Rules that several kinds of objects have. */

type Values = Readonly<Record<string, unknown>>;

/** A service in a compose file is named where there is one, and nowhere else. */
export function serviceNameRule(inputs: object): string | false {
  const { composeId, serviceName } = inputs as Values;
  return composeId === undefined
    ? serviceName !== undefined && "is for a compose service alone"
    : serviceName === undefined && "is missing: a compose file has several services";
}

/**
 * Nobody has to say of what kind the owner is, and whoever does is right.
 *
 * @param owners those that say it by their id
 */
export function ownerRule(said: unknown, inputs: object, owners: readonly string[]): string | false {
  const owner = owners.find((kind) => (inputs as Values)[`${kind}Id`] !== undefined);
  return said !== undefined && owner !== undefined && said !== owner && `is ${owner}, as ${owner}Id says`;
}
