// The whole page: what works without the program, the charts, the program.
import "./shell.mjs";
import "./charts.mjs";
import { keepOffline } from "./offline.mjs";
import { foresee } from "./planner.mjs";
import { live, start } from "./programs.mjs";
import { sign } from "./signs.mjs";

// The answer to a plain address stands in the HTML, so the program, which takes the thread for a while, waits for somebody who asks.
const asks = location.search || location.hash;
start(asks ? undefined : sign);
live.then(keepOffline);
Promise.all([live, sign]).then(foresee);
