import { visible } from "../../../packages/text";
import { addressesOf } from "../../dokploy";
import type { Report } from "../../pulumi";

/** Number of services after which a run names no further address. */
const MAX_SERVICES = 10;
/** Number of addresses of one service. */
const MAX_ADDRESSES = 3;

/** Addresses of the services that a run deploys, which Pulumi shows at the end: each once, and of some services only. */
export class Addresses {
  private readonly shown = new Set<string>();
  private services = 0;

  /**
   * Reports the addresses of a service that was deployed.
   *
   * @param name undefined for a domain that is saved after its service was deployed
   * @param domains rows, or inputs
   */
  report(name: string | undefined, domains: unknown, inform: Report): void {
    const news = addressesOf(domains).filter((address) => !this.shown.has(address));
    if (news.length === 0) return;
    for (const address of news) this.shown.add(address);
    this.services += 1;
    if (this.services > MAX_SERVICES + 1) return;
    if (this.services > MAX_SERVICES) {
      inform(
        "More services are deployed. `npx pulumi-dokploy status` shows the addresses of all.",
        "address",
      );
      return;
    }
    const more = news.length - MAX_ADDRESSES;
    const list = `${news.slice(0, MAX_ADDRESSES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
    inform(name === undefined ? `${list} is served.` : `${visible(name)} is deployed: ${list}`, "address");
  }
}
