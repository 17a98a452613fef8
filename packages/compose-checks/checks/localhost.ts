import { entryAt, textAt } from "../yaml";
import { parseTemplate, type Segment, substitute } from "./interpolation";
import { keyValues, quoted, type Service, type Subject } from "./subject";

/** Matches a local address that stands alone, or instead of an address's host. 127.0.0.11 is Docker's name server. */
const localhost =
  /(?:^|[\s/@=,;|"'([{])(?:localhost|(?!127\.0\.0\.11(?!\d))127(?:\.\d{1,3}){3}|\[::1\])(?=$|[\s:/?#,;|"')\]}])/i;
/** Matches the address of a mailbox on such a host, which leads nowhere else. */
const mailbox = /(?<=^|[\s<,;"'=(])[\w.+-]+@localhost(?=$|[\s>,;"')])/gi;

/** Names of variables whose values mean the container itself, or describe requests of browsers and proxies. */
const meantSo = /HEALTH|NO_?PROXY|ALLOWED|ORIGIN|CORS|TRUSTED|REAL_IP|BIND|LISTEN/i;

/** Checks addresses between services: inside a container, `localhost` is that container. Values are never shown. */
export function checkLocalhost({ written, variables, report }: Subject): void {
  const { started } = written;
  for (const service of started) {
    if (sharesNetwork(service)) continue;
    for (const { key, at, value } of keyValues(entryAt(service.node, "environment")?.value)) {
      if (meantSo.test(key)) continue;
      const template = value === undefined ? [] : parseTemplate(value);
      // The variable's own value is checked and reported below, once.
      const own = substitute(template, (expression) =>
        expression.operator === "-" && variables.isAbsent(expression) ? textOf(expression.operand) : "x",
      );
      if (own !== undefined && isLocal(own)) {
        report(
          "localhost",
          at,
          `service ${quoted(service.name)} gets a localhost address in ${quoted(key)}, and localhost is the ` +
            `container itself:` +
            " use the name of the other service",
        );
      }
    }
  }
  for (const name of variables.names) {
    const value = variables.value(name);
    if (value === undefined || meantSo.test(name) || !isLocal(value)) continue;
    if (started.length > 0 && started.every(sharesNetwork)) continue;
    report(
      "localhost",
      undefined,
      "contains a localhost address, and localhost is the container itself: use the name of the other service",
      name,
    );
  }
}

function isLocal(value: string): boolean {
  return localhost.test(value.replaceAll(mailbox, ""));
}

function sharesNetwork({ node }: Service): boolean {
  const mode = textAt(node, "network_mode") ?? "";
  return mode === "host" || mode.startsWith("service:") || mode.startsWith("container:");
}

function textOf(segments: readonly Segment[]): string {
  return substitute(segments, () => "x") ?? "";
}
