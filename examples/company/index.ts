import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";

const config = new pulumi.Config();
const bucket = new dokploy.Destination("backups", {
  name: `shop-backups-${pulumi.getStack()}`,
  provider: "AWS",
  bucket: "acme-backups",
  region: "eu-central-1",
  endpoint: "https://s3.eu-central-1.amazonaws.com",
  accessKey: config.requireSecret("s3AccessKey"),
  secretAccessKey: config.requireSecret("s3SecretKey"),
});
new dokploy.DeploymentRepository("shop", { destinations: { backups: bucket.id } });
