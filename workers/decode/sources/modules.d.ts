declare module "libheif-js/libheif-wasm/libheif.js" {
  const createLibheif: (options: object) => Promise<import("./libheif.ts").Libheif>;
  export default createLibheif;
}
