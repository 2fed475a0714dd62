import { browserContract } from "./contract.js";
import { webkit } from "./webkit.js";

browserContract(webkit);
