// What model.io.json says is done to a stored sample: resize, crop, channels, invert, then x · scale, - mean, / std. Every step is one
// operation on numbers of 32 bits: a double's + - · / of two of them, rounded by Math.fround, is theirs (53 bits are twice 24 and 2 more).

const f = Math.fround;

/**
 * The numbers that the network takes, as a Float32Array.
 * sample: { shape, data, isBytes, isImage }; options: preprocessing of model.io.json; input: the shape that is taken, batch included.
 */
export function prepare(sample, options, input) {
  const values = Float32Array.from(sample.data);
  needFinite(values);
  let planes = asPlanes(values, sample, options);
  if (planes) planes = changeChannels(changeSize(planes, options, sample.isBytes), options);
  else if (options.resize || options.crop || options.channels)
    throw new Error(`the network's preparation works on images, but this has shape [${sample.shape}]`);
  const result = planes ?? { shape: sample.shape, data: values };
  if (options.invert) for (let i = 0; i < result.data.length; i++) result.data[i] = 255 - result.data[i];
  normalise(result.data, planes ? planes.shape[0] : 1, options);
  needFinite(result.data);
  return fit(result, sample.shape.length === 2, input) ?? refuse(sample.shape, result.shape, input);
}

function needFinite(values) {
  const at = values.findIndex(value => !Number.isFinite(value));
  if (at >= 0) throw new Error(`element ${at} is ${values[at]}; every number must be finite`);
}

function asPlanes(data, { shape, isImage }, options) {
  while (shape.length > 3 && shape[0] === 1) shape = shape.slice(1);
  if (shape.length < 2 || shape.length > 3) return null;
  if (shape.length === 2) return { shape: [1, ...shape], data };
  // Image files need no word about where their channels are.
  return options.layout === 'nhwc' && !isImage
    ? { shape: [shape[2], shape[0], shape[1]], data: transpose(data, shape[2]) } : { shape, data };
}

/** The matrix of so many columns, transposed. */
function transpose(data, columns) {
  const rows = data.length / columns, result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = data[row * columns + column];
  return result;
}

function changeSize(planes, { resize, crop }, isBytes) {
  if (resize) {
    const [channels, height, width] = planes.shape;
    if (resize * resize * Math.max(height, width) / Math.min(height, width) * channels > 1 << 26)
      throw new Error(`resized to ${resize} the image is too large: it is ${width} x ${height}`);
    planes = resizeShortSide(planes, resize);
    // Pixels of 8 bits stay pixels of 8 bits.
    if (isBytes) for (let i = 0; i < planes.data.length; i++) planes.data[i] = Math.floor(f(planes.data[i] + 0.5));
  }
  if (!crop) return planes;
  const [, height, width] = planes.shape;
  if (height < crop || width < crop) throw new Error(`a square of ${crop} is larger than the image: ${width} x ${height}`);
  return cropCentre(planes, crop);
}

/** Bilinear, sampled at pixel centres without smoothing; the longer side keeps the proportion, rounded down. */
function resizeShortSide(planes, side) {
  const [channels, oldHeight, oldWidth] = planes.shape, shorter = Math.min(oldHeight, oldWidth);
  if (shorter === side) return planes;
  const height = Math.floor(oldHeight * side / shorter), width = Math.floor(oldWidth * side / shorter);
  const rows = taps(oldHeight, height), columns = taps(oldWidth, width);
  const data = new Float32Array(channels * height * width);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    const plane = planes.data.subarray(c * oldHeight * oldWidth, (c + 1) * oldHeight * oldWidth);
    for (const [top, bottom, down] of rows)
      for (const [left, right, across] of columns) {
        const upper = mix(plane[top * oldWidth + left], plane[top * oldWidth + right], across);
        const lower = mix(plane[bottom * oldWidth + left], plane[bottom * oldWidth + right], across);
        data[at++] = mix(upper, lower, down);
      }
  }
  return { shape: [channels, height, width], data };
}

const mix = (a, b, share) => f(a + f(f(b - a) * share));

/** For each new position the two old ones between which it lies, and the share of the second. */
function taps(oldSize, newSize) {
  return Array.from({ length: newSize }, (_, i) => {
    const position = Math.min(Math.max((i + 0.5) * oldSize / newSize - 0.5, 0), oldSize - 1), first = Math.floor(position);
    return [first, Math.min(first + 1, oldSize - 1), f(position - first)];
  });
}

function cropCentre({ shape: [channels, height, width], data }, side) {
  const top = Math.floor((height - side) / 2), left = Math.floor((width - side) / 2);
  const result = new Float32Array(channels * side * side);
  for (let row = 0; row < channels * side; row++) {
    const source = (Math.floor(row / side) * height + top + row % side) * width + left;
    result.set(data.subarray(source, source + side), row * side);
  }
  return { shape: [channels, side, side], data: result };
}

function changeChannels(planes, { channels: wanted }) {
  if (!wanted) return planes;
  const [channels, height, width] = planes.shape, size = height * width;
  if (channels !== 1 && channels !== 3) throw new Error(`the network takes 1 or 3 channels, this has ${channels}`);
  const plane = c => planes.data.subarray(c * size, (c + 1) * size);
  if (wanted === 'gray') return { shape: [1, height, width], data: channels === 1 ? planes.data : luma(plane(0), plane(1), plane(2)) };
  const order = channels === 1 ? [0, 0, 0] : wanted === 'bgr' ? [2, 1, 0] : [0, 1, 2];
  const data = new Float32Array(3 * size);
  order.forEach((from, to) => data.set(plane(from), to * size));
  return { shape: [3, height, width], data };
}

/** Weights of ITU-R BT.601. */
function luma(red, green, blue) {
  const [r, g, b] = [f(0.299), f(0.587), f(0.114)];
  return red.map((_, i) => f(f(f(r * red[i]) + f(g * green[i])) + f(b * blue[i])));
}

function normalise(data, channels, { scale = 1, mean = [], std = [] }) {
  const wanted = Math.max(mean.length, std.length), size = data.length / Math.max(1, channels);
  if (wanted > 1 && wanted !== channels) throw new Error(`the network's preparation is for ${wanted} channels, this has ${channels}`);
  for (let c = 0; c < channels; c++) {
    const m = f(mean[Math.min(c, mean.length - 1)] ?? 0), s = f(std[Math.min(c, std.length - 1)] ?? 1);
    for (let i = c * size; i < (c + 1) * size; i++) data[i] = f(f(f(data[i] * f(scale)) - m) / s);
  }
}

/** The numbers under the input's shape; null where nothing fits. */
function fit({ shape, data }, isFlat, input) {
  const same = (a, b) => a.length === b.length && a.every((dim, i) => dim === b[i]);
  if (same(shape, input) || same([1, ...shape], input) || (isFlat && same(shape.slice(1), input))) return data;
  if (shape.length === 3 && same([1, shape[1], shape[2], shape[0]], input)) return transpose(data, shape[1] * shape[2]);
  const isVector = input.filter(dim => dim !== 1).length <= 1;
  return isVector && input.reduce((count, dim) => count * dim, 1) === data.length ? data : null;
}

function refuse(stored, result, input) {
  const became = stored.length === result.length && stored.every((dim, i) => dim === result[i]) ? '' : `, [${result}] after preparation`;
  throw new Error(`this has shape [${stored}]${became}; the network takes [${input}]`);
}
