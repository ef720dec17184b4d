// The whole page: what works without the program, the charts, the program.
import "./shell.mjs";
import "./charts.mjs";
import { start } from "./programs.mjs";

start();
