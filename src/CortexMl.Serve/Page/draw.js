import { api, Refusal } from "./api.js";
import { fill, h, told } from "./dom.js";

const side = 240;

// A canvas, and what the float network and the integers say about what is on it.
export class Drawing {
  constructor(id, { width, height }) {
    Object.assign(this, { id, width, height, turn: 0 });
    this.canvas = h("canvas", { class: "pad", width: side, height: side, role: "img", "aria-label": "Draw here, with mouse, pen or finger" });
    this.answer = h("div", { id: "answers", "aria-live": "polite" }, h("p", { class: "small" }, "Draw something: white on black, as MNIST is."));
    this.dark = h("input", { type: "checkbox", id: "dark-on-light", onchange: () => this.clear() });
    this.element = h("section", { class: "card", id: "draw" }, h("h2", {}, "Draw"),
      h("div", { class: "drawing" },
        h("div", {}, this.canvas,
          h("label", { class: "check" }, this.dark, "black on white"),
          h("button", { type: "button", onclick: () => this.clear() }, "Clear")),
        this.answer));
    this.clear();
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => this.end());
  }

  clear() {
    const context = this.canvas.getContext("2d");
    context.fillStyle = this.dark.checked ? "#fff" : "#000";
    context.fillRect(0, 0, side, side);
    context.strokeStyle = this.dark.checked ? "#000" : "#fff";
    Object.assign(context, { lineWidth: side / 13, lineCap: "round", lineJoin: "round" });
    this.turn++;
    fill(this.answer, h("p", { class: "small" }, "Draw something; the answers come when you lift the pen."));
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * side / box.width, (event.clientY - box.top) * side / box.height];
  }

  begin(event) {
    this.canvas.setPointerCapture?.(event.pointerId);
    this.last = this.place(event);
    this.move(event);
  }

  move(event) {
    if (!this.last) return;
    const context = this.canvas.getContext("2d"), next = this.place(event);
    context.beginPath();
    context.moveTo(...this.last);
    context.lineTo(...next);
    context.stroke();
    this.last = next;
  }

  async end() {
    if (!this.last) return;
    this.last = null;
    const turn = ++this.turn;
    let shown;
    try {
      const { float, integer } = await api.draw(this.id, { width: this.width, height: this.height, pixels: this.pixels() });
      shown = h("div", { class: "answers" }, column("Float network", float), column("Integers", integer));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      shown = error.diagnostics.map(told);
    }
    if (turn === this.turn) fill(this.answer, shown);
  }

  // Grey pixels of the network's size, in base64.
  pixels() {
    const small = h("canvas", { width: this.width, height: this.height });
    const context = small.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(this.canvas, 0, 0, this.width, this.height);
    const { data } = context.getImageData(0, 0, this.width, this.height);
    let text = "";
    for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(data[i]);
    return btoa(text);
  }
}

function column(name, classes) {
  const least = Math.min(0, ...classes.map((c) => c.score)), most = Math.max(...classes.map((c) => c.score));
  return h("div", {}, h("h3", {}, name), h("ol", {}, classes.map((c) => {
    const bar = h("i");
    bar.style.width = `${Math.max(0, 100 * (c.score - least) / (most - least || 1))}%`;
    return h("li", {}, h("span", {}, c.name), h("span", { class: "bar" }, bar), h("span", {}, String(Number(c.score.toPrecision(4)))));
  })));
}
