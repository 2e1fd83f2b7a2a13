"use strict";
const everySecond = require("./every-second");

const name = process.env.PS ?? "clock";

everySecond(name, () => console.log(`${name} says ${new Date().toISOString()}`));
