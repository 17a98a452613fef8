import { entryAt, isOpen, itemsOf, settledAt, textAt } from "../yaml";
import { withoutUnit } from "./durations";
import { namesIn } from "./names";
import { quoted, type Service, type Subject } from "./subject";

/** Checks keys of a service that require or exclude each other, which the schema does not express. */
export function checkConsistency(subject: Subject): void {
  // Compose also reads the keys of services that it does not start. A stack's keys are checked with its schema.
  for (const { name, node } of subject.stack ? [] : subject.services) {
    for (const { key, at } of withoutUnit(node)) {
      subject.report("schema", at, `${key} of service ${quoted(name)} needs a unit, such as 30s`);
    }
  }
  for (const service of subject.started) {
    checkImage(service, subject);
    // Docker ignores these in a stack.
    if (subject.stack) continue;
    checkNetworks(service, subject);
    checkHealthTest(service, subject);
    checkCopies(service, subject);
  }
}

function checkImage({ name, offset, node }: Service, { report }: Subject): void {
  if (["build", "extends", "provider"].some((key) => node.entries.has(key))) return;
  const image = entryAt(node, "image");
  if (image === undefined) {
    report("schema", { offset }, `service ${quoted(name)} has neither image nor build`);
  } else if (image.value.kind === "scalar" && image.value.value !== null && image.value.text === "") {
    report("schema", image.value, `the image of service ${quoted(name)} is empty, and it has no build`);
  }
}

function checkNetworks({ name, node }: Service, { report }: Subject): void {
  const mode = settledAt(node, "network_mode") ?? "";
  const networks = entryAt(node, "networks");
  if (mode === "" || namesIn(networks?.value).length === 0) return;
  report(
    "schema",
    networks,
    `service ${quoted(name)} has networks and network_mode, and Compose allows only one of them`,
  );
}

function checkHealthTest({ name, node }: Service, { report }: Subject): void {
  const [first] = itemsOf(entryAt(node, "healthcheck", "test")?.value);
  if (first?.kind !== "scalar" || isOpen(first)) return;
  if (["CMD", "CMD-SHELL", "NONE"].includes(first.text)) return;
  report(
    "schema",
    first,
    `the healthcheck test of service ${quoted(name)} is a list, which must begin with CMD, CMD-SHELL or NONE`,
  );
}

/** Checks that a service with a fixed container name has one container, because a name can be used only once. */
function checkCopies({ name, node }: Service, { report }: Subject): void {
  const fixed = entryAt(node, "container_name");
  if (fixed === undefined || (copies(node) ?? 0) < 2) return;
  report(
    "schema",
    fixed,
    `service ${quoted(name)} has a container_name and several containers, which Compose refuses`,
  );
}

/** Returns the number of containers of a service whose variables are replaced; undefined where it is not known. */
export function copies(node: Service["node"]): number | undefined {
  const count = textAt(node, "scale") ?? textAt(node, "deploy", "replicas");
  if (count === undefined) return 1;
  return /^\d+$/.test(count) ? Number(count) : undefined;
}
