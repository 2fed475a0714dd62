import { firefox } from "./firefox.js";
import { browserTruth } from "./truth.js";

browserTruth(firefox);
