import { chromium } from "./chromium.js";
import { browserContract } from "./contract.js";

browserContract(chromium);
