import * as dokploy from "pulumi-dokploy";

const shop = new dokploy.DeploymentRepository("shop");

/** Where other services on the server reach the api. */
export const apiHost = shop.appName("api");
