// Compares with npm's ethers; JSON, one case a line.
//
//   node ethers.mjs write COUNT SEED [LENGTH]   random cases with what ethers makes of them, to standard output; only lines up to LENGTH
//   node ethers.mjs read                        cases with what CortexMl made of them, from standard input; exit code 1 if ethers disagrees
import { createInterface } from "node:readline";
import { AbiCoder, decodeRlp, encodeRlp } from "ethers";
import { abiCase, random, rlpValue } from "./cases.mjs";

const coder = AbiCoder.defaultAbiCoder();
const [action, count, seed, length = "1000000"] = process.argv.slice(2);

if (action === "write") {
  const r = random(Number(seed));
  for (let i = 0; i < Number(count);) {
    const line = JSON.stringify(i % 3 === 2 ? rlp(r) : abi(r));
    if (line.length > Number(length)) continue;
    console.log(line);
    i++;
  }
} else {
  let agreed = 0;
  const disagreed = [];
  for await (const line of createInterface({ input: process.stdin })) {
    const given = JSON.parse(line);
    const read = given.types ? plain(coder.decode(given.types, given.encoded)) : decodeRlp(given.encoded);
    const written = given.types ? coder.encode(given.types, given.values) : encodeRlp(given.rlp);
    const isSame = written === given.encoded && JSON.stringify(read).toLowerCase() === JSON.stringify(given.types ? given.values : given.rlp).toLowerCase();
    if (isSame) agreed++;
    else disagreed.push(line);
  }
  console.log(JSON.stringify({ agreed, disagreed: disagreed.slice(0, 3) }));
  process.exitCode = disagreed.length > 0 ? 1 : 0;
}

function abi(r) {
  const { types, values } = abiCase(r);
  return { types, values, encoded: coder.encode(types, values) };
}

function rlp(r) {
  const value = rlpValue(r, 3);
  return { rlp: value, encoded: encodeRlp(value) };
}

/** Values as the JSON form has them. */
function plain(value) {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "object") return Array.from(value, plain);
  return value;
}
