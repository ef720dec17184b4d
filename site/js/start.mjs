// The whole page: what works without the program, the charts, the program.
import "./shell.mjs";
import "./charts.mjs";
import { keepOffline } from "./offline.mjs";
import { foresee } from "./planner.mjs";
import { live, start } from "./programs.mjs";
import { sign } from "./signs.mjs";

start();
live.then(keepOffline);
Promise.all([live, sign]).then(foresee);
