/** The engine's measurements, for tests. */
import { type Remote, transfer, wrap } from "comlink";
import type { EngineService } from "../../../src/contract/engine.ts";
import type { MeasurementService } from "../../../src/contract/measurement.ts";

/** Comlink closes the port of a proxy that nobody holds, under the call that waits for it. */
const held: unknown[] = [];

/** Works as long as the engine lives. */
export async function measurementOf(engine: Remote<EngineService>): Promise<Remote<MeasurementService>> {
  const { port1, port2 } = new MessageChannel();
  await engine.connectMeasurement(transfer(port2, [port2]));
  const measurement = wrap<MeasurementService>(port1);
  held.push(measurement);
  return measurement;
}
