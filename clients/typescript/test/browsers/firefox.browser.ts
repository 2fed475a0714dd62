import { firefox } from "./firefox.js";
import { browserContract } from "./contract.js";

browserContract(firefox);
