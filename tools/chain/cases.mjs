// Random values of the contract ABI and of RLP, in the JSON form that "cortexml chain" reads: integers are decimal texts, bytes 0x….
// The same seed gives the same cases.

export function random(seed) {
  let state = BigInt(seed) + 0x9e3779b97f4a7c15n;
  const next = () => {
    state = (state + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
    return z ^ (z >> 31n);
  };
  const below = (end) => Number(next() % BigInt(end));
  const bits = (count) => {
    let value = 0n;
    for (let i = 0; i < 4; i++) value = (value << 64n) | next();
    return value & ((1n << BigInt(count)) - 1n);
  };
  return { below, bits, bytes: (count) => "0x" + Array.from({ length: count }, () => below(256).toString(16).padStart(2, "0")).join("") };
}

/** A type as signatures spell it, and how to make its values. */
export function abiType(r, depth) {
  switch (r.below(depth > 0 ? 9 : 6)) {
    case 0: return integer(8 * (1 + r.below(32)), r.below(2) === 1);
    case 1: return { name: "address", value: (r) => r.bytes(20) };
    case 2: return { name: "bool", value: (r) => r.below(2) === 1 };
    case 3: return fixedBytes(1 + r.below(32));
    case 4: return { name: "bytes", value: (r) => r.bytes(r.below(r.below(2) ? 5 : 70)) };
    case 5: return { name: "string", value: text };
    case 6: return list(abiType(r, depth - 1), "", (r) => r.below(4));
    case 7: {
      const length = 1 + r.below(3);
      return list(abiType(r, depth - 1), length, () => length);
    }
    default: {
      const parts = Array.from({ length: 1 + r.below(3) }, () => abiType(r, depth - 1));
      return { name: `(${parts.map((p) => p.name).join(",")})`, value: (r) => parts.map((p) => p.value(r)) };
    }
  }
}

export const abiCase = (r) => {
  const types = Array.from({ length: r.below(5) }, () => abiType(r, 3));
  return { types: types.map((t) => t.name), values: types.map((t) => t.value(r)) };
};

/** Bytes as 0x…, lists as lists. */
export function rlpValue(r, depth) {
  if (depth > 0 && r.below(3) === 0) return Array.from({ length: r.below(r.below(8) ? 5 : 60) }, () => rlpValue(r, depth - 1));
  return r.bytes([0, 1, 1, 2, 20, 32, 55, 56, 57, 255, 256, 300][r.below(12)]);
}

function integer(bits, isSigned) {
  return {
    name: (isSigned ? "int" : "uint") + bits,
    value: (r) => {
      const chosen = r.below(6);
      const end = 1n << BigInt(isSigned ? bits - 1 : bits);
      if (chosen === 0) return (end - 1n).toString();
      if (chosen === 1) return (isSigned ? -end : 0n).toString();
      const size = r.bits(isSigned ? bits - 1 : bits) >> BigInt(r.below(bits));
      return (isSigned && r.below(2) ? -size : size).toString();
    },
  };
}

const fixedBytes = (size) => ({ name: "bytes" + size, value: (r) => r.bytes(size) });

const list = (element, length, count) => ({ name: `${element.name}[${length}]`, value: (r) => Array.from({ length: count(r) }, () => element.value(r)) });

function text(r) {
  const letters = ["a", "Z", "0", " ", "\n", "\"", "ß", "漢", "🙂", "\u0000"];
  return Array.from({ length: r.below(r.below(2) ? 6 : 40) }, () => letters[r.below(letters.length)]).join("");
}
