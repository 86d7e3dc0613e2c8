// What the model's integers mean: real = integer / scale, the last step that is left to the reader, and the order of the classes. Sums run
// in the order of the elements, and e^x and log are made of + - · / alone, so that the same integers give the same numbers everywhere.

const ln2High = 0.693147180369123816490, ln2Low = 1.90821492927058770002e-10, inverseLn2 = 1.4426950408889634;

/** What the network itself returns, as numbers of 32 bits. */
export function ownReals(output, integers) {
  const reals = Float64Array.from(integers, integer => integer / output.scale);
  return output.lastStep ? lastStep(output.lastStep, reals) : Float32Array.from(reals);
}

/** Classes by score, best first; equal scores keep their order. Integers rank where they have the network's order, since floats may tie. */
export function ranking(output, integers) {
  const scores = output.lastStep && !keepsOrder(output.lastStep) ? ownReals(output, integers) : integers;
  return Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
}

const count = dims => dims.reduce((product, dim) => product * dim, 1);
const keepsOrder = ({ shape, axis }) => count(shape) === shape[axis];

// softmax: e^(x - max) / Σ e^(x - max);  log_softmax: x - max - log Σ e^(x - max)
function lastStep({ op, axis, shape }, x) {
  const result = new Float32Array(x.length), length = shape[axis], stride = count(shape.slice(axis + 1));
  for (let first = 0; first < x.length; first++) {
    if (Math.floor(first / stride) % length !== 0) continue;
    let max = -Infinity, sum = 0;
    for (let i = 0; i < length; i++) max = Math.max(max, x[first + i * stride]);
    for (let i = 0; i < length; i++) sum += exp(x[first + i * stride] - max);
    const log = logarithm(sum);
    for (let i = 0; i < length; i++) {
      const below = x[first + i * stride] - max;
      result[first + i * stride] = op === 'log_softmax' ? below - log : exp(below) / sum;
    }
  }
  return result;
}

/** e^x: x = k·ln 2 + r with |r| <= ln 2 / 2, and the Taylor series of e^r. */
export function exp(x) {
  if (Number.isNaN(x)) return x;
  if (x > 709.8) return Infinity;
  if (x < -745.2) return 0;
  const k = Math.floor(x * inverseLn2 + 0.5), r = x - k * ln2High - k * ln2Low;
  let sum = 1;
  for (let n = 18; n >= 1; n--) sum = 1 + sum * r / n;
  return scaled(sum, k);
}

/** Natural logarithm of a normal number: x = 2^k · m with m near 1, and log m = 2·artanh((m - 1)/(m + 1)). */
export function logarithm(x) {
  let k = exponentOf(x), m = scaled(x, -k);
  if (m > 1.4142135623730951) {
    m /= 2;
    k++;
  }
  const t = (m - 1) / (m + 1), square = t * t;
  let sum = 0;
  for (let n = 21; n >= 1; n -= 2) sum = sum * square + 1.0 / n;
  return k * ln2High + (2 * t * sum + k * ln2Low);
}

/** x · 2^k, rounded once. */
function scaled(x, k) {
  if (k > 1023) return x * power(1023) * power(k - 1023);
  return k < -1022 ? x * power(-969) * power(k + 969) : x * power(k);
}

const view = new DataView(new ArrayBuffer(8));

/** 2^k of a normal number, from its bits. */
function power(k) {
  view.setBigUint64(0, BigInt(k + 1023) << 52n);
  return view.getFloat64(0);
}

function exponentOf(x) {
  view.setFloat64(0, x);
  return Number(view.getBigUint64(0) >> 52n & 2047n) - 1023;
}
