import { exposeService } from "../../../src/contract/worker-endpoint.ts";
import { fixtureService } from "./fixture-service.ts";

exposeService(fixtureService);
