import { isUnknown } from "../pulumi/unknown";

type Values = Readonly<Record<string, unknown>>;

/**
 * The rule of an input that one value of another is for: with that it is needed, or may be there, and with no other.
 *
 * @example filePath: onlyWith("type", "file", "filePath", { needed: true })
 */
export function onlyWith(
  chooser: string,
  value: string,
  input: string,
  { needed }: { readonly needed?: true } = {},
): (inputs: Values) => string | false {
  return (inputs) => {
    if (inputs[chooser] === value)
      return needed === true && inputs[input] === undefined && `is missing: ${chooser}: "${value}" needs it`;
    // What is not known yet may be the one.
    return (
      inputs[chooser] !== undefined &&
      !isUnknown(inputs[chooser]) &&
      inputs[input] !== undefined &&
      `is for ${chooser}: "${value}" alone`
    );
  };
}

/** A service in a compose file is named where there is one, and nowhere else. */
export function serviceNameRule(inputs: object): string | false {
  const { composeId, serviceName } = inputs as Values;
  return composeId === undefined
    ? serviceName !== undefined && "is for a compose service alone"
    : serviceName === undefined && "is missing: a compose file has several services";
}

/** What is said of a domain whose certificate does nothing. */
export function unusedCertificate(inputs: object): string | undefined {
  const { certificateType: type = "none", https = false } = inputs as Values;
  return https === false && type !== "none" && !isUnknown(type)
    ? "has a certificateType, which does nothing without https: true"
    : undefined;
}

/**
 * Nobody has to say of what kind the owner is, and whoever does is right.
 *
 * @param owners those that say it by their id
 */
export function ownerRule(said: unknown, inputs: object, owners: readonly string[]): string | false {
  if (isUnknown(said)) return false;
  const owner = owners.find((kind) => (inputs as Values)[`${kind}Id`] !== undefined);
  return said !== undefined && owner !== undefined && said !== owner && `is ${owner}, as ${owner}Id says`;
}
