import { browserTruth } from "./truth.js";
import { webkit } from "./webkit.js";

browserTruth(webkit);
