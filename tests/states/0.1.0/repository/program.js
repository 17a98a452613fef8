// A deployment repository: the files beside this program.
const dokploy = require("pulumi-dokploy");

const shop = new dokploy.DeploymentRepository("shop");
exports.apiHost = shop.appName("api");
