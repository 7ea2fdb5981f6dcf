/** What file pickers offer. The content of a file decides, not its name; browsers that do not know a type go by the ending. */
export const acceptedImages =
  "image/*,application/pdf,.jpg,.jpeg,.jfif,.png,.webp,.gif,.bmp,.avif,.tif,.tiff,.heic,.heif,.svg,.pdf";
/** The same, and archives of them. */
export const acceptedSources = `.zip,application/zip,${acceptedImages}`;
