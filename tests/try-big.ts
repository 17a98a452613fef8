import { checkComposeFile } from "../provider/compose/check";
const go = (what: string, text: string, more: object = {}) => { const t=performance.now(); const f = checkComposeFile({ text, composeType: "docker-compose", variables: {}, ...more }); console.log(what, Math.round(text.length/1024)+"K", f.length, f[0]?.rule, f[0]?.message.slice(0,70), Math.round(performance.now()-t)+"ms", Math.round(process.memoryUsage().rss/1e6)+"MB"); };
go("warm","services:\n  a: {image: 'a:1'}");
go("services", "services:\n"+Array.from({length:9000},(_,i)=>`  s${i}:\n    image: a:1\n    ports: ['${i+4000}:80']\n    environment: [A=$B]\n    depends_on: [s${i+1}]`).join("\n")+"\n  s9000: {image: 'a:1'}\n");
go("wrong keys", "services:\n"+Array.from({length:30000},(_,i)=>`  s${i}: {imag: a}`).join("\n"));
go("anchors", "x: &a [1]\n" + Array.from({length:60000},(_, i)=>`k${i}: *a`).join("\n"));
go("merge", "services:\n  a: &a {image: 'a:1'}\n" + Array.from({length:30000},(_, i)=>`  k${i}: {<<: *a}`).join("\n"));
const unused = Object.fromEntries(Array.from({length:3000},(_, i)=>["V"+i,"x"]));
go("unused", "services:\n  a: {image: 'a:1'}", {variables: unused});
