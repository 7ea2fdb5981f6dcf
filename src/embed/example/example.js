const element = document.querySelector("tamis-classify");
const log = document.querySelector("#log");

function tell(line) {
  log.textContent += `${line}\n`;
}

element.addEventListener("tamis-ready", ({ detail }) => tell(`ready: ${detail.name}, photo = ${detail.positive}`));
element.addEventListener("tamis-verdict", ({ detail: { file, pages } }) => {
  for (const { page, verdict, probability } of pages)
    tell(`verdict: ${file.name}, page ${page + 1}: ${verdict} (${probability.toFixed(3)})`);
});
element.addEventListener("tamis-failure", ({ detail: { file, failure } }) =>
  tell(`failure: ${file ? file.name : "the model"}: ${failure.code}: ${failure.message}`),
);
