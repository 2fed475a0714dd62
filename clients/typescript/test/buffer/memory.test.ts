import { memoryBuffer } from "../../src/buffer/memory.js";
import { bufferContract } from "./contract.js";

bufferContract("memory buffer", { create: () => Promise.resolve({ buffer: memoryBuffer(), reopen: undefined }) });
