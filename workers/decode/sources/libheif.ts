/** What is used of libheif-js, whose own types say `any`. */
export interface Libheif {
  readonly HeifDecoder: new () => {
    readonly decoder: unknown;
    decode(file: Uint8Array): readonly HeifImage[];
  };
  readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown };
  readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: unknown };
  readonly heif_channel: { readonly heif_channel_interleaved: unknown };
  heif_js_decode_image2(handle: unknown, colorspace: unknown, chroma: unknown): Promise<HeifDecoded> | HeifDecoded;
  heif_image_release(image: unknown): void;
  heif_context_free(context: unknown): void;
}

export interface HeifImage {
  readonly handle: unknown;
  is_primary(): boolean;
  get_width(): number;
  get_height(): number;
  free(): void;
}

/** Channels where it was decoded, a message where it was not. */
export interface HeifDecoded {
  readonly image?: unknown;
  readonly message?: string;
  readonly channels?: readonly {
    readonly id: unknown;
    readonly width: number;
    readonly height: number;
    readonly stride: number;
    readonly data: Uint8Array;
  }[];
}
