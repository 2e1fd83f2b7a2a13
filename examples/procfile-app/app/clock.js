"use strict";
const everySecond = require("./every-second.js");

const name = process.env.PS ?? "clock";

everySecond(name, () => console.log(`${name} says ${new Date().toISOString()}`));
