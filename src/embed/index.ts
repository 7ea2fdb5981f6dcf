/** What another web page imports: `embed/tamis-classify.js` of the build. Its names are a promise to pages that are not ours. */
export { TamisClassifier } from "./classifier.ts";
export { TamisClassify } from "./tamis-classify.ts";
