// PNG files as the pixels that stand in them: no colour management, no canvas, whose readings browsers may round or blur.
// Source: PNG specification, third edition. Pixels of 16 bits keep their high byte, as cortexml reads them.

const signature = [137, 80, 78, 71, 13, 10, 26, 10];
const samplesOf = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const depthsOf = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };
// First column and row of each pass of Adam7, and how far its pixels are apart.
const adam7 = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];
const most = 1 << 26;

export const isPng = bytes => signature.every((byte, i) => bytes[i] === byte);

/** R, G, B and opacity of every pixel, and whether the image is grey and opaque. */
export async function readPng(bytes) {
  const { head, palette, clear, packed } = chunksOf(bytes);
  const data = await unpacked(packed);
  const { width, height, interlaced } = head;
  const pixels = new Uint8Array(width * height * 4);
  let at = 0;
  for (const [left, top, across, down] of interlaced ? adam7 : [[0, 0, 1, 1]]) {
    const columns = Math.ceil((width - left) / across), rows = Math.ceil((height - top) / down);
    if (columns <= 0 || rows <= 0) continue;
    const bits = head.depth * samplesOf[head.kind], length = Math.ceil(columns * bits / 8), step = Math.max(1, bits >> 3);
    let above = new Uint8Array(length);
    for (let row = 0; row < rows; row++) {
      const line = data.subarray(at + 1, at + 1 + length);
      if (line.length < length) throw new Error('the image ends before its end: the file was cut off');
      unfilter(data[at], line, above, step);
      at += 1 + length;
      above = line;
      for (let column = 0; column < columns; column++)
        put(pixels, 4 * ((top + row * down) * width + left + column * across), line, column, head, palette, clear);
    }
  }
  return { width, height, pixels, isGrey: head.kind === 0 && clear === null };
}

function chunksOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let head = null, palette = null, clear = null, isEnded = false;
  const packed = [];
  for (let at = 8; at + 12 <= bytes.length && !isEnded;) {
    const length = view.getUint32(at), type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length) throw new Error('the image ends before its end: the file was cut off');
    const body = bytes.subarray(at + 8, at + 8 + length);
    const isCritical = type[0] === type[0].toUpperCase();
    const isDamaged = check(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length);
    if (isDamaged && isCritical) throw new Error(`the image is damaged: the sum of its part ${type}`);
    if (type === 'IHDR') head = headOf(body, view.getUint32(at + 8), view.getUint32(at + 12));
    else if (type === 'PLTE') palette = body;
    else if (type === 'tRNS' && !isDamaged) clear = body;
    else if (type === 'IDAT') packed.push(body);
    else if (type === 'IEND') isEnded = true;
    at += 12 + length;
  }
  if (!head || !isEnded || packed.length === 0) throw new Error('the image ends before its end: the file was cut off');
  if (head.kind === 3 && !palette) throw new Error('the image is damaged: it has no palette');
  if (head.kind > 3) clear = null;
  return { head, palette, clear, packed };
}

function headOf(body, width, height) {
  const [depth, kind, method, filter, interlace] = body.subarray(8);
  if (!depthsOf[kind]?.includes(depth) || method !== 0 || filter !== 0 || interlace > 1 || width === 0 || height === 0)
    throw new Error('the image is damaged: its head');
  if (width * height > most) throw new Error(`an image of ${width} x ${height} pixels is refused`);
  return { width, height, depth, kind, interlaced: interlace === 1 };
}

async function unpacked(parts) {
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function unfilter(kind, line, above, step) {
  for (let i = 0; i < line.length; i++) {
    const a = i >= step ? line[i - step] : 0, b = above[i], c = i >= step ? above[i - step] : 0;
    if (kind === 1) line[i] += a;
    else if (kind === 2) line[i] += b;
    else if (kind === 3) line[i] += (a + b) >> 1;
    else if (kind === 4) line[i] += nearest(a, b, c);
    else if (kind !== 0) throw new Error('the image is damaged: a filter that there is not');
  }
}

function nearest(a, b, c) {
  const p = a + b - c, pa = Math.abs(p - a), pb = Math.abs(p - b), pc = Math.abs(p - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

function put(pixels, to, line, column, { kind, depth }, palette, clear) {
  const count = samplesOf[kind], step = depth === 16 ? 2 : 1;
  const sample = i => depth >= 8 ? line[(column * count + i) * step]
    : (line[(column * depth) >> 3] >> (8 - depth - (column * depth) % 8)) & ((1 << depth) - 1);
  // The colour that is transparent is given in full, two bytes a sample.
  const isClear = channels => {
    for (let i = 0; i < channels; i++) {
      const low = depth === 16 ? line[(column * count + i) * 2 + 1] : sample(i);
      if ((depth === 16 && sample(i) !== clear[2 * i]) || low !== clear[2 * i + 1]) return false;
    }
    return true;
  };
  if (kind === 3) {
    const index = sample(0);
    for (let i = 0; i < 3; i++) pixels[to + i] = palette[3 * index + i] ?? 0;
    pixels[to + 3] = clear && index < clear.length ? clear[index] : 255;
    return;
  }
  const isGrey = kind === 0 || kind === 4;
  for (let i = 0; i < 3; i++) pixels[to + i] = isGrey ? sample(0) * (depth < 8 ? 255 / ((1 << depth) - 1) : 1) : sample(i);
  pixels[to + 3] = kind === 4 ? sample(1) : kind === 6 ? sample(3) : clear && isClear(isGrey ? 1 : 3) ? 0 : 255;
}

const sums = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function check(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = sums[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
