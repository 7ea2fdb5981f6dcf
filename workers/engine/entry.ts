/** The engine worker's entry: exposes the service, and nothing else. */
import { exposeService } from "../../src/contract/worker-endpoint.ts";
import { Engine } from "./service.ts";

exposeService(new Engine());
