import { chromium } from "./chromium.js";
import { browserTruth } from "./truth.js";

browserTruth(chromium);
