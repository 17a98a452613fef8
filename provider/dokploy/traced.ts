import type { Answer } from "./failure";
import type { Fault } from "./retry";
import type { Facts, Span } from "./span";

/**
 * Runs a request as a span. It has the path, without inputs, and never a header, body or value.
 *
 * @param send calls its argument when the request has its turn under the limits of the client
 */
export function traced(
  span: Span | undefined,
  { method, path, attempt }: { readonly method: string; readonly path: string; readonly attempt: number },
  send: (begun: () => void) => Promise<Answer | Fault>,
): Promise<Answer | Fault> {
  if (span === undefined) return send(() => {});
  const [endpoint = ""] = path.split("?");
  return span(endpoint, { "http.request.method": method, "dokploy.attempt": attempt }, (note) => {
    const asked = performance.now();
    const begun = () => note({ "dokploy.turn_ms": Math.round(performance.now() - asked) });
    return send(begun).then((answer) => {
      note(outcomeOf(answer));
      return answer;
    });
  });
}

function outcomeOf(answer: Answer | Fault): Facts {
  if (!("status" in answer)) return { "error.type": answer.code };
  const { status } = answer;
  return {
    "http.response.status_code": status,
    ...(status < 400 ? {} : { "error.type": String(status) }),
  };
}
