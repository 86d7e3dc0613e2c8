import { api, Refusal } from "./api.js";
import { fill, grouped, h, percent, told } from "./dom.js";
import { Drawing } from "./draw.js";

const line = /^(.*): (\d+) % \((\d+) of (\d+)\)$/;

// What the command says of itself while it runs: a bar for each stage, and lines.
export class Progress {
  constructor(log) {
    this.stages = new Map();
    this.bars = h("div");
    this.lines = [];
    this.text = h("pre", { hidden: true, tabindex: "0", "aria-label": "What the command said" });
    this.element = h("div", {}, this.bars, this.text);
    for (const one of log.split("\n").filter(Boolean)) this.add(one);
  }

  add(text) {
    const found = line.exec(text);
    if (!found) {
      this.lines.push(text);
      this.text.textContent = this.lines.join("\n");
      this.text.hidden = false;
      return;
    }
    const [, name, , done, all] = found;
    if (!this.stages.has(name)) {
      const stage = { bar: h("progress"), count: h("i") };
      this.stages.set(name, stage);
      this.bars.append(h("div", { class: "stage" }, h("span", {}, name, stage.count), stage.bar));
    }
    const { bar, count } = this.stages.get(name);
    bar.max = Number(all);
    bar.value = Number(done);
    count.textContent = `${grouped(Number(done))} of ${grouped(Number(all))}`;
  }

  // Errors as the page shows them; null where there is none.
  problems() {
    const found = [];
    for (const text of this.lines) {
      const start = /^(error|warning) (CML\d{4}): (.*)$/.exec(text);
      if (start) found.push({ severity: start[1], code: start[2], message: start[3] });
      else if (found.length > 0 && /^ {2}help: /.test(text)) found.at(-1).hint = text.slice(8);
      else if (found.length > 0 && /^ {2}--> /.test(text)) found.at(-1).place = text.slice(6);
    }
    return found.map(told);
  }
}

// A compiled model: figures, report, package, and a canvas.
export function result(job) {
  const { state, result: figures, picture } = job;
  const address = `jobs/${state.id}`;
  const frame = h("div"), pack = packing(state.id, address, `cortexml-${state.id}.zip`);
  const show = h("button", {
    type: "button", id: "show-report", "aria-expanded": "false", onclick: () => {
      const isShown = frame.childElementCount > 0;
      fill(frame, isShown ? null : h("iframe", { src: `${address}/report.html`, title: "Report", sandbox: "allow-scripts" }));
      show.setAttribute("aria-expanded", String(!isShown));
    },
  }, "Report");
  return [
    h("section", { class: "card", id: "result" },
      h("h2", {}, "Result"),
      figures ? h("div", { class: "tiles" },
        tile("integer accuracy", figures.integerTop1, percent), tile("float accuracy", figures.floatTop1, percent),
        tile("both agree", figures.agreement, percent), tile("gas of a call", figures.gas, grouped),
        tile("bytes to upload", figures.bytes, grouped), tile("layers", figures.layers, grouped)) : null,
      h("div", { class: "buttons" },
        pack.link,
        show,
        h("a", { class: "button", href: `${address}/report.html`, target: "_blank", rel: "noreferrer" }, "Report in a tab"),
        h("a", { class: "button", href: `${address}/run.json`, download: "run.json" }, "Run file")),
      pack.element, frame),
    picture ? new Drawing(state.id, picture).element : null,
  ];
}

// What goes to the chain: a link, and what the account of the model shall say.
function packing(id, address, name) {
  const author = h("input", { name: "author", placeholder: "0x… · nobody is rewarded", autocomplete: "off", spellcheck: "false" });
  const authorGas = h("input", { name: "authorGas", type: "number", min: "0", max: "20000", placeholder: "0" });
  const comment = h("input", { name: "comment", autocomplete: "off" });
  const problems = h("div");
  const asked = () => {
    const said = [author, authorGas, comment].filter((input) => input.value.trim()).map((input) => [input.name, input.value.trim()]);
    return `${said.length > 0 ? "?" : ""}${new URLSearchParams(said)}`;
  };
  const link = h("a", {
    class: "button main", id: "package", href: `${address}/package.zip`, download: name,
    onclick: async (event) => {
      event.preventDefault();
      fill(problems);
      try {
        const { diagnostics } = await api.warnings(id, asked());
        fill(problems, diagnostics.map(told));
        h("a", { href: link.href, download: name }).click();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        fill(problems, error.diagnostics.map(told));
      }
    },
  }, "Package for the chain");
  for (const input of [author, authorGas, comment]) input.addEventListener("input", () => {
      link.href = `${address}/package.zip${asked()}`;
      fill(problems);
    });
  const element = h("details", { id: "packing" }, h("summary", {}, "Author and comment of the package"),
    h("div", { class: "fields wide" },
      h("label", { class: "field" }, "author, who is rewarded for calls", author),
      h("label", { class: "field" }, "the author's part of a call, in gas", authorGas),
      h("label", { class: "field" }, "comment, kept on the chain", comment)));
  return { link, element: h("div", {}, element, problems) };
}

function tile(name, value, show) {
  return value === undefined ? null : h("div", { class: "tile" }, h("span", {}, name), h("b", {}, show(value)));
}
