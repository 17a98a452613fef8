// docs/reference/databases.md: the kinds of databases. The page explains common inputs once, and each kind has a section with what
// differs.
"use strict";
const { mostFrequent, isSame } = require("./shared-inputs.cjs");

/**
 * @param {{name: string, doc: string, examples: string[], inputs: Row[], outputs: Row[]}[]} models
 * @returns {{common: {inputs: Row[], outputs: Row[]}, sections: string[]}} the rows of all, and the sections of the kinds
 */
function databaseSections(models, tables) {
  const inputs = commonOf(models.map(({ inputs }) => inputs));
  const outputs = commonOf(models.map(({ outputs }) => outputs));
  const sections = models.map((model) => {
    const own = model.inputs.filter(
      (row) => !inputs.some((other) => other.name === row.name && isSame(other, row)),
    );
    const ownOutputs = model.outputs.filter((row) => !outputs.some((other) => other.name === row.name));
    const missing = inputs.filter(({ name }) => !model.inputs.some((other) => other.name === name));
    const names = missing.map(({ name }) => `\`${name}\``).join(", ");
    const without =
      names === ""
        ? []
        : [`It does not have the common ${missing.length > 1 ? "inputs" : "input"} ${names}.`];
    return [
      `## ${model.name}`,
      model.doc,
      ...model.examples,
      tables.inputs(own),
      ...without,
      ...(ownOutputs.length > 0 ? [tables.outputs(ownOutputs)] : []),
    ].join("\n\n");
  });
  return { common: { inputs, outputs }, sections };
}

function commonOf(lists) {
  return mostFrequent(lists)
    .filter(({ count, same }) => count > lists.length / 2 && same > 1)
    .map(({ row }) => row);
}

module.exports = { databaseSections };
