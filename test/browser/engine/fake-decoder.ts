/** A decode worker as the engine sees it: a port that answers, with pages made from the file's own text. */
import { expose } from "comlink";
import type { DecodedFile, DecodeRequest, DecodeService } from "../../../src/contract/decode.ts";

export interface FakeDecoder {
  /** Files that it was asked for, by their text. */
  readonly asked: string[];
  readonly port: MessagePort;
}

/**
 * `N` in a file's text gives N pages of one colour each; "broken" is unreadable; what `hangsOn` names is never answered, as if the worker
 * had died.
 */
export function fakeDecoder(hangsOn: (text: string) => boolean = () => false): FakeDecoder {
  const asked: string[] = [];
  const service: Pick<DecodeService, "decode"> = {
    async decode({ file, pixels }: DecodeRequest): Promise<DecodedFile> {
      const text = await (file as Blob).text();
      asked.push(text);
      if (hangsOn(text)) return new Promise<never>(() => undefined);
      if (text === "broken") return { ok: false, reason: "damaged", detail: "It is broken." };
      return {
        ok: true,
        mediaType: "image/png",
        damage: null,
        sha256: null,
        pages: Array.from({ length: Number(text) }, (_, page) => ({
          page,
          width: 100,
          height: 80,
          rgb: new Uint8Array(pixels.width * pixels.height * 3).fill(40 * page),
          thumbnail: null,
          fingerprint: null,
        })),
      };
    },
  };
  const { port1, port2 } = new MessageChannel();
  expose(service, port1);
  return { asked, port: port2 };
}
