"use strict";
const everySecond = require("./every-second.js");

const name = process.env.PS ?? "worker";

everySecond(name, (n) => console.log(`${name} did job ${n}`));
