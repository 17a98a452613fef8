import * as dokploy from "pulumi-dokploy";

const shop = new dokploy.DeploymentRepository("shop");

/** The address of the api for other services on the server. */
export const apiHost = shop.appName("api");
