// A grey image that is drawn: the bytes themselves are kept here, and the canvas only shows them, since browsers may blur what is read
// back.

const radius = 1.1;

export class Pen {
  constructor(canvas, [, height, width], ground, changed) {
    Object.assign(this, { canvas, height, width, ground, changed });
    canvas.width = width;
    canvas.height = height;
    this.cursor = [width >> 1, height >> 1];
    this.clear();
    canvas.addEventListener('pointerdown', event => this.start(event));
    canvas.addEventListener('pointermove', event => this.move(event));
    canvas.addEventListener('pointerup', () => this.stop());
    canvas.addEventListener('pointercancel', () => this.stop());
    canvas.addEventListener('keydown', event => this.key(event));
  }

  get planes() {
    return { shape: [1, this.height, this.width], data: this.data };
  }

  clear() {
    this.data = new Uint8Array(this.width * this.height).fill(this.ground);
    this.show();
  }

  place({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    return [(clientX - box.left) / box.width * this.width, (clientY - box.top) / box.height * this.height];
  }

  start(event) {
    event.preventDefault();
    this.canvas.focus();
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.place(event);
    this.line(this.last, this.last);
  }

  move(event) {
    if (!this.last) return;
    const next = this.place(event);
    this.line(this.last, next);
    this.last = next;
  }

  stop() {
    if (!this.last) return;
    this.last = null;
    this.changed();
  }

  /** Arrows move the pen, the space bar draws, with shift it is drawn on the way. */
  key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], ' ': [0, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    const from = this.cursor;
    const within = (at, size) => Math.min(Math.max(at, 0), size - 1);
    this.cursor = [within(from[0] + step[0], this.width), within(from[1] + step[1], this.height)];
    if (event.key === ' ' || event.shiftKey) {
      const middle = ([x, y]) => [x + 0.5, y + 0.5];
      this.line(middle(from), middle(this.cursor));
      this.changed();
    }
    this.show(true);
  }

  /** Full within the radius, and nothing a pixel further out; what is drawn already stays. */
  line([x0, y0], [x1, y1]) {
    const dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy;
    for (let y = 0; y < this.height; y++)
      for (let x = 0; x < this.width; x++) {
        const px = x + 0.5 - x0, py = y + 0.5 - y0;
        const along = length === 0 ? 0 : Math.min(Math.max((px * dx + py * dy) / length, 0), 1);
        const ox = px - along * dx, oy = py - along * dy;
        const ink = Math.round(255 * Math.min(Math.max(radius + 0.5 - Math.sqrt(ox * ox + oy * oy), 0), 1)), at = y * this.width + x;
        this.data[at] = this.ground === 0 ? Math.max(this.data[at], ink) : Math.min(this.data[at], 255 - ink);
      }
    this.show();
  }

  show(isCursorShown = false) {
    showPlanes(this.canvas, this.planes);
    if (!isCursorShown) return;
    const context = this.canvas.getContext('2d');
    context.fillStyle = '#e08a2e';
    context.fillRect(...this.cursor, 1, 1);
  }
}

/** Planes of one or three channels on a canvas of their size. */
export function showPlanes(canvas, { shape: [channels, height, width], data }) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height), size = width * height;
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = data[(channels === 1 ? 0 : c) * size + i];
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
}
