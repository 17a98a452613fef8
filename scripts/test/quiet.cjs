// Loaded by mocha, and by the processes of the faults. Notices of the product that no test looks at go to the console, and
// a full run had thousands of them: advice about programs that exist for one case. A test that looks at them replaces the
// log of Pulumi or the console, and gets them all.
const notice = / \[dokploy\/[a-z-]+(?: \S+)*\]$/;

for (const method of ["log", "warn"]) {
  const print = console[method];
  console[method] = (...values) => {
    if (values.length === 1 && typeof values[0] === "string" && notice.test(values[0])) return;
    print.apply(console, values);
  };
}
