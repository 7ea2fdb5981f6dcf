/** The worker of `<tamis-classify>`: exposes the service, and nothing else. */
import { exposeService } from "../../src/contract/worker-endpoint.ts";
import { Embedded } from "./service.ts";

exposeService(new Embedded());
