// Counts the packages that an install of this one adds, without Pulumi's SDK, which every program has.
const fs = require("node:fs");
const path = require("node:path");

const repository = path.join(__dirname, "..", "..");

const limit = 40;

async function measure() {
  const lock = JSON.parse(fs.readFileSync(path.join(repository, "package-lock.json"), "utf8"));
  const ofSdk = new Set(installedPackages(lock, "node_modules/@pulumi/pulumi"));
  const brought = installedPackages(lock).filter((folder) => !ofSdk.has(folder));
  const direct = Object.keys(lock.packages[""].dependencies ?? {});
  return [
    {
      figure: "install-packages",
      value: brought.length,
      unit: "packages",
      atMost: limit,
      details: { direct },
    },
  ];
}

/**
 * Returns the folders of the packages that the package of a lock file needs, at any depth, without peers.
 *
 * @param {{packages: Record<string, {dependencies?: object, optionalDependencies?: object}>}} lock
 * @param {string} root folder of the package; default: that of the lock file
 * @returns {string[]}
 */
function installedPackages({ packages }, root = "") {
  const reached = new Set();
  const reach = (folder) => {
    if (reached.has(folder)) return;
    reached.add(folder);
    const { dependencies, optionalDependencies } = packages[folder];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = locate(packages, folder, name);
      if (found !== undefined) reach(found);
    }
  };
  reach(root);
  return [...reached];
}

/** Returns the folder in which Node finds a package: in the folder's own node_modules, or in one above. */
function locate(packages, folder, name) {
  const candidate = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
  if (candidate in packages) return candidate;
  if (folder === "") return undefined;
  const above = folder.slice(0, Math.max(folder.lastIndexOf("/node_modules/"), 0));
  return locate(packages, above, name);
}

module.exports = { measure, installedPackages };
