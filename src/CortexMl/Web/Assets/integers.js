// Prepared numbers become the integers that the compiled model takes, and these the words of a call.

/** q = clamp(floor(x·s + 0.5), ±(2^(p-1) - 1)), the product in double; x centred first where the input says how. */
export function quantize(values, { shape, precision, scale, centering }) {
  const bound = 2 ** (precision - 1) - 1;
  const inner = centering?.axis === undefined ? values.length : shape.slice(centering.axis + 1).reduce((count, dim) => count * dim, 1);
  return Int32Array.from(values, (x, i) => {
    if (centering) {
      const channel = Math.floor(i / inner) % centering.offset.length;
      x = (x - centering.offset[channel]) * centering.gain[channel];
    }
    return Math.min(Math.max(Math.floor(x * scale + 0.5), -bound), bound);
  });
}

/** Several inputs one behind the other, as the model takes them. */
export function joined(tensors) {
  const result = new Int32Array(tensors.reduce((count, tensor) => count + tensor.length, 0));
  let at = 0;
  for (const tensor of tensors) {
    result.set(tensor, at);
    at += tensor.length;
  }
  return result;
}

/** One byte an element, or four, the most significant first; filled up with zeros to words of 32 bytes. */
export function words(integers, elementBytes) {
  const bytes = new Uint8Array(Math.ceil(integers.length * elementBytes / 32) * 32), view = new DataView(bytes.buffer);
  integers.forEach((integer, i) => elementBytes === 1 ? view.setInt8(i, integer) : view.setInt32(4 * i, integer));
  return bytes;
}

/** The call of a function that takes one uint256[]: its selector, where the list begins, how many words, and the words. */
export function callData(selector, bytes) {
  const word = number => number.toString(16).padStart(64, '0');
  return selector + word(32) + word(bytes.length / 32) + Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
