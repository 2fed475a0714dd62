import { build } from "esbuild";
import { bundle } from "../../shared/build/bundle.mjs";

await bundle("canvas", build);
