// The whole page: what works without the program, the charts, the program.
import "./shell.mjs";
import "./charts.mjs";
import { foresee } from "./planner.mjs";
import { live, start } from "./programs.mjs";
import { sign } from "./signs.mjs";

start();
Promise.all([live, sign]).then(foresee);
