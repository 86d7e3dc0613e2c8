import { api, Refusal } from "./api.js";
import { fill, grouped, h, percent, told } from "./dom.js";
import { choices } from "./upload.js";

const fraction = (text) => {
  const [above, below] = text.split("/").map(Number);
  return below === undefined ? above : above / below;
};

const spelled = (value) => {
  for (const above of String(value).length > 8 ? [1, 2] : [1]) {
    const below = Math.round(above / value);
    if (below > 1 && below < 1e6 && above / below === value) return `${above}/${below}`;
  }
  return String(value);
};

const list = (text) => text.split(",").map((part) => fraction(part.trim()));

// name, how it is typed, what it becomes
const fields = [
  { name: "scale", label: "scale", read: fraction, show: spelled, hint: "1/255" },
  { name: "mean", label: "mean, per channel", read: list, show: (v) => v.join(", "), hint: "0.485, 0.456, 0.406" },
  { name: "std", label: "deviation, per channel", read: list, show: (v) => v.join(", "), hint: "0.229, 0.224, 0.225" },
  { name: "resize", label: "resize, shorter side", read: Number, show: String, hint: "256" },
  { name: "crop", label: "crop, centre", read: Number, show: String, hint: "224" },
  { name: "channels", label: "channels", options: ["", "rgb", "bgr", "gray"] },
  { name: "layout", label: "layout of arrays", options: ["", "nchw", "nhwc"] },
  { name: "invert", label: "invert", options: ["", "yes"] },
];

// The network, its data and their preparation: until somebody starts it.
export class Preparing {
  constructor(id, files, started) {
    Object.assign(this, { id, files, started, wish: {}, seen: 0 });
    this.element = h("div");
  }

  async look() {
    fill(this.element, h("section", { class: "card" }, h("p", { role: "status" }, "Looking at the files …"), h("progress")));
    try {
      this.found = await api.inspect(this.id, this.wish);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      fill(this.element, h("section", { class: "card" }, error.diagnostics.map(told)));
      return;
    }
    const { model, data, test, labels, preparation } = this.found;
    this.wish = { ...this.wish, model, data: data ?? "", test: test ?? "", labels: labels ?? "", preparation };
    fill(this.element, this.network(), this.canStart() ? [this.data(), this.preparation(), this.run()] : null);
    if (this.canStart()) await this.preview();
  }

  canStart() {
    return this.found.refusals.length === 0;
  }

  network() {
    const found = this.found;
    const shape = (port) => `${port.name} [${port.shape.join(", ")}]`;
    return h("section", { class: "card", id: "network" },
      h("h2", {}, "Network"),
      found.refusals.length > 0 ? h("p", {}, "It cannot be compiled as it is:") : null,
      found.refusals.map(told),
      found.models.length > 1 ? h("div", { class: "fields wide" }, this.choice("model", "which of these files", found.models)) : null,
      found.inputs.length === 0 ? null : [
        h("dl", {},
          found.models.length > 1 ? null : [h("dt", {}, "file"), h("dd", {}, found.model)],
          h("dt", {}, found.inputs.length === 1 ? "input" : "inputs"), h("dd", {}, found.inputs.map(shape).join(" · ")),
          h("dt", {}, found.outputs.length === 1 ? "output" : "outputs"), h("dd", {}, found.outputs.map(shape).join(" · ")),
          h("dt", {}, "parameters"), h("dd", {}, grouped(found.parameters))),
        h("ul", { class: "chips", "aria-label": "Operators" },
          found.operators.map((operator) => h("li", {}, operator.name.replace("nn.", ""), h("b", {}, `× ${operator.count}`)))),
      ],
      found.notes.length === 0 ? null
        : h("details", {}, h("summary", {}, found.notes.length === 1 ? "1 note" : `${found.notes.length} notes`), found.notes.map(told)));
  }

  data() {
    const all = ["", ...choices(this.files)];
    return h("section", { class: "card", id: "data" },
      h("h2", {}, "Data"),
      h("div", { class: "fields wide" },
        this.choice("data", "typical inputs, to calibrate with", all, "none: random numbers"),
        this.choice("test", "others with labels, to measure on", all, "none"),
        this.choice("labels", "labels of those", all, "in the data, or none")),
      this.wish.data ? null : h("p", { class: "small" }, "Without data it can be seen whether the network compiles, and no more."));
  }

  choice(name, label, options, none) {
    const select = h("select", {
      name, onchange: async () => {
        this.wish = { ...this.wish, [name]: select.value };
        if (name === "model") this.wish = { model: select.value };
        await this.look();
      },
    }, options.map((option) => h("option", { value: option, selected: option === (this.wish[name] ?? "") }, option || none)));
    return h("label", { class: "field" }, label, select);
  }

  preparation() {
    const { findings, why } = this.found;
    this.inputs = Object.fromEntries(fields.map((field) => [field.name, field.options
      ? h("select", { name: field.name, onchange: () => this.changed() }, field.options.map((o) => h("option", { value: o }, o || "as it is")))
      : h("input", { name: field.name, placeholder: field.hint, autocomplete: "off", onchange: () => this.changed() })]));
    this.set(this.wish.preparation);
    this.previews = h("div", { id: "previews", "aria-live": "polite" });
    return h("section", { class: "card", id: "preparation" },
      h("h2", {}, "Preparation"),
      why ? h("p", { class: "small" }, why) : null,
      findings.length === 0 ? null : h("fieldset", { class: "choices" },
        h("legend", {}, "What doctor found, by the share of samples that are named rightly"),
        findings.map((finding) => h("label", { class: "choice" },
          h("input", { type: "radio", name: "finding", checked: finding.isBest, onchange: () => this.take(finding.preparation) }),
          h("span", {}, finding.name.replace("as given", "the guess"), " ", h("code", {}, finding.options), finding.labels ? ` · labels: ${finding.labels}` : ""),
          h("b", {}, percent(finding.top1))))),
      h("details", { open: findings.length === 0 }, h("summary", {}, "Step by step"),
        h("div", { class: "fields" }, fields.map((field) => h("label", { class: "field" }, field.label, this.inputs[field.name])))),
      this.previews);
  }

  set(preparation) {
    for (const field of fields) {
      const value = preparation[field.name];
      this.inputs[field.name].value = value === undefined ? "" : field.options ? (value === true ? "yes" : value) : field.show(value);
    }
  }

  async take(preparation) {
    this.set(preparation);
    this.wish.preparation = preparation;
    await this.preview();
  }

  async changed() {
    const preparation = {};
    for (const field of fields) {
      const text = this.inputs[field.name].value.trim();
      if (text) preparation[field.name] = field.name === "invert" ? true : field.options ? text : field.read(text);
    }
    this.wish.preparation = preparation;
    for (const radio of this.element.querySelectorAll("[name=finding]")) radio.checked = false;
    await this.preview();
  }

  async preview() {
    if (!this.wish.data && !this.wish.test) return;
    const turn = ++this.seen;
    let shown;
    try {
      const samples = await api.preview(this.id, this.wish);
      shown = [h("p", { class: "small" }, "As stored, and as the network will see it, from its least number (black) to its greatest (white):"),
        h("div", { class: "previews" }, samples.map(sample))];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      shown = error.diagnostics.map(told);
    }
    if (turn === this.seen) fill(this.previews, shown);
  }

  run() {
    const samples = h("input", { type: "number", min: "1", max: "100000", value: "256", name: "samples" });
    const drop = h("input", { type: "number", min: "0", max: "100", step: "any", name: "targetDrop", placeholder: "whatever 8 bits cost" });
    const decibels = h("input", { type: "number", min: "0", max: "80", step: "any", name: "minDb", placeholder: "32, where it costs little" });
    const problems = h("div");
    const button = h("button", { type: "submit", class: "main", id: "start" }, "Compile");
    return h("form", {
      class: "card", id: "run", onsubmit: async (event) => {
        event.preventDefault();
        button.disabled = true;
        const number = (input) => (input.value === "" ? undefined : Number(input.value));
        const wish = { ...this.wish, samples: number(samples) || undefined, targetDrop: number(drop), minDb: number(decibels) };
        try {
          await api.start(this.id, wish);
          this.started();
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          fill(problems, error.diagnostics.map(told));
          button.disabled = false;
        }
      },
    },
    h("h2", {}, "Compile"),
    h("div", { class: "fields wide" },
      h("label", { class: "field" }, "samples to calibrate with, at most", samples),
      this.wish.test ? h("label", { class: "field" }, "accuracy may drop by, in points", drop) : null,
      h("label", { class: "field" }, "every output at least, in dB", decibels)),
    problems, button);
  }
}

function sample(one) {
  const range = `${short(one.least)} … ${short(one.greatest)}`;
  const image = (png, what) => h("img", { src: `data:image/png;base64,${png}`, alt: `${one.name}, ${what}` });
  return h("figure", {},
    one.stored || one.seen
      ? h("div", {}, one.stored ? image(one.stored, "as stored") : null, one.seen ? image(one.seen, "as the network sees it") : null)
      : h("code", {}, one.numbers.map(short).join(" ")),
    h("figcaption", {}, one.label !== undefined ? [h("b", {}, one.label), " · "] : null, range));
}

const short = (number) => String(Number(number.toPrecision(3)));
