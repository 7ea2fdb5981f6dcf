/** The page that the command line drives: the app's services without its interface. */
import { createRuntime, createServices } from "../services/services.ts";
import { Commands } from "./commands.ts";
import { Inputs } from "./inputs.ts";
import { runParity } from "./parity.ts";
import type { HeadlessPage } from "./protocol.ts";

const services = createServices(createRuntime());
const inputs = new Inputs();
const commands = new Commands(services, inputs);
const loaded = services.load();

const page: HeadlessPage = {
  ready: () => loaded,
  async hasAdapter() {
    const { gpu } = navigator as { readonly gpu?: { requestAdapter(): Promise<unknown> } };
    return Boolean(await gpu?.requestAdapter());
  },
  keepFolder: (key, name) => inputs.keepFolder(key, name),
  addCaptures: (from, names) => inputs.addCaptures(from, names),
  train: (request) => commands.train(request),
  stop: () => commands.stop(),
  openModel: (which) => commands.openModel(which),
  saveModel: (modelId) => commands.saveModel(modelId),
  crossValidate: (request) => commands.crossValidate(request),
  evaluate: (request) => commands.evaluate(request),
  classify: (request) => commands.classify(request),
  parity: runParity,
};

window.tamisHeadless = page;
