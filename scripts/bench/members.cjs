// Counts the members of the contracts that a kind of resource fulfils: what a definition may give, at any depth. A
// member that one contract takes from another counts once.
const fs = require("node:fs");
const path = require("node:path");
const ts = require("typescript");

const repository = path.join(__dirname, "..", "..");
const limit = 30;

/** The contracts, by their files in `provider`. */
const contracts = {
  "lifecycle/entity.ts": ["Entity"],
  "engine/simple/spec.ts": ["SimpleSpec"],
  "lifecycle/wire.ts": ["Wire"],
  "engine/services/model.ts": ["ServiceFacts"],
  "engine/shared-variables/model.ts": ["ScopeFacts"],
};

/** @returns {string[]} each member with its contract: `SimpleSpec.router` */
function members() {
  return Object.entries(contracts).flatMap(([file, names]) => {
    const text = fs.readFileSync(path.join(repository, "provider", file), "utf8");
    return names.flatMap((name) => membersOf(text, name));
  });
}

/** Returns the members of an interface in a source text, and those of objects in them, but not of functions. */
function membersOf(text, name) {
  const source = ts.createSourceFile("contract.ts", text, ts.ScriptTarget.Latest, true);
  const declared = new Map();
  source.forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
      declared.set(node.name.text, node);
  });
  const contract = declared.get(name);
  if (!contract) throw new Error(`There is no ${name}.`);
  return ofType(contract, name, new Set([name]));

  function ofType(node, at, seen) {
    if (ts.isFunctionTypeNode(node) || ts.isMappedTypeNode(node)) return [];
    if (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node))
      return node.members.flatMap((member) => {
        if (!member.name) return [];
        const path = `${at}.${member.name.getText()}`;
        const isData = ts.isPropertySignature(member) && member.type;
        return [path, ...(isData ? ofType(member.type, path, seen) : [])];
      });
    if (ts.isTypeReferenceNode(node)) {
      const other = node.typeName.getText();
      const found = seen.has(other) ? undefined : declared.get(other);
      if (found) return ofType(found, at, new Set([...seen, other]));
    }
    const inner = [];
    ts.forEachChild(node, (child) => {
      if (ts.isTypeNode(child)) inner.push(...ofType(child, at, seen));
    });
    return inner;
  }
}

async function measure() {
  const value = members().length;
  return [{ figure: "members", value, unit: "members", atMost: limit }];
}

module.exports = { measure, members, membersOf };
