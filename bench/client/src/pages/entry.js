/** The page of the product that the address names; `#watched` and `#strict` say what is done with its transactions. */
import { watchIndexedDb } from "./probe.js";

const products = import.meta.glob("./products/*.js");

if (location.hash !== "") watchIndexedDb({ strict: location.hash === "#strict" });
window.bench = await products[`./products${location.pathname}.js`]();
