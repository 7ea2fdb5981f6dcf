/** The page that the command line drives: the app's services without its interface. */
import { DecodePool } from "../../runtime/decode-pool.ts";
import { EngineClient } from "../../runtime/engine-client.ts";
import { createServices } from "../services/services.ts";
import { answerModel } from "./answers.ts";
import { Bench } from "./bench.ts";
import { benchDuplicates } from "./bench-duplicates.ts";
import { compare } from "./comparison.ts";
import { Commands } from "./commands.ts";
import { inspect } from "./inspection.ts";
import { Inputs } from "./inputs.ts";
import { Parity } from "./parity.ts";
import type { HeadlessPage } from "./protocol.ts";

const decoders = new DecodePool();
const engine = new EngineClient(decoders);
const services = createServices({ decoders, engine });
const inputs = new Inputs();
const commands = new Commands(services, inputs);
const parity = new Parity(engine, decoders, inputs);
const bench = new Bench(services, engine, inputs);
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
  answerModel: (modelId, answers) => answerModel(services.models, modelId, answers),
  saveModel: (modelId, options) => commands.saveModel(modelId, options),
  inspect: (request) => inspect(services, inputs, request),
  crossValidate: (request) => commands.crossValidate(request),
  compare: (request) => compare(services, inputs, request),
  evaluate: (request) => commands.evaluate(request),
  classify: (request) => commands.classify(request),
  parity: (request) => parity.run(request),
  bench: (request) => bench.run(request),
  goOn: (request) => bench.goOn(request),
  benchDuplicates: (request) => benchDuplicates(services, inputs, request),
  goOnImport: (request) => bench.goOnImport(request),
  benchTopology: (request) => bench.topology(request),
};

window.tamisHeadless = page;
