// The page that puts scenarios side by side: colours, charts, the program, and what is kept on the device.
import "./colours.mjs";
import "./charts.mjs";
import { start } from "./programs.mjs";
import "./kept.mjs";

start();
