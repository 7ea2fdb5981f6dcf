/** Exposes the decode service; nothing else. */
import { exposeService } from "../../src/contract/worker-endpoint.ts";
import { decodeService } from "./service.ts";

exposeService(decodeService);
