// Runs the built worker in workerd, Cloudflare's own runtime, on loopback, with the files of dist/ behind it.
//
//     node scripts/edge/workerd/miniflare.mjs ROOT WORKER
//
// The first line on standard output is the address; it ends when its standard input does.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";
import { readFileSync } from "node:fs";

const [root, worker] = process.argv.slice(2);
const { Miniflare } = await import(pathToFileURL(createRequire(path.join(root, "site", "package.json")).resolve("miniflare")));
const config = JSON.parse(readFileSync(path.join(root, "wasm", "edge", "wrangler.jsonc"), "utf8").replace(/^\s*\/\/.*$/gm, ""));
const mf = new Miniflare({
  host: "127.0.0.1",
  port: 0,
  modules: true,
  modulesRules: [{ type: "ESModule", include: ["**/*.mjs", "**/*.js"] }, { type: "CompiledWasm", include: ["**/*.wasm"] }],
  modulesRoot: worker,
  scriptPath: path.join(worker, "worker.mjs"),
  compatibilityDate: config.compatibility_date,
  assets: {
    directory: path.join(root, "dist"),
    binding: config.assets.binding,
    routerConfig: { has_user_worker: true, static_routing: { user_worker: config.assets.run_worker_first } },
  },
});
console.log(String(await mf.ready));
process.stdin.on("end", async () => { await mf.dispose(); process.exit(0); });
process.stdin.resume();
