// Calls, results, logs and reverts of random contracts, by npm's ethers; JSON, one contract a line:
//
//   {"file": text of an artefact or of the list, "cases": [{"kind": "call" | "result" | "log" | "revert", "entry": full signature,
//    "values": [...], "data": "0x…", "topics": ["0x…"], "hashes": [which values are hashes]}]}
//
//   node contracts.mjs COUNT SEED [LENGTH]   only lines up to LENGTH
//
// Tuples whose components all have names, all different, are objects, as "cortexml chain decode --abi" writes them. Every log is also
// read back by ethers.
import { AbiCoder, Interface, ParamType, id, keccak256, toUtf8Bytes } from "ethers";
import { abiType, random } from "./cases.mjs";

const coder = AbiCoder.defaultAbiCoder();
const [count, seed, length = "1000000"] = process.argv.slice(2);
const r = random(Number(seed));
for (let i = 0; i < Number(count);) {
  const line = JSON.stringify(contract(r));
  if (line.length > Number(length)) continue;
  console.log(line);
  i++;
}

function contract(r) {
  const made = [entryOf(r, "function"), entryOf(r, "function"), entryOf(r, "event"), entryOf(r, "event"), entryOf(r, "error")];
  const abi = made.map((m) => m.entry);
  const api = new Interface(abi);
  const cases = [];
  for (const { entry, inputs, outputs } of made) {
    const signature = `${entry.name}(${inputs.map((p) => p.type.name).join(",")})`;
    const values = inputs.map((p) => p.value);
    const one = { entry: signature, values: entry.inputs.map((p, i) => shown(ParamType.from(p, true), values[i])) };
    if (entry.type === "function") {
      cases.push({ kind: "call", ...one, data: api.encodeFunctionData(signature, values) });
      const returned = outputs.map((p) => p.value);
      cases.push({
        kind: "result", entry: signature, values: entry.outputs.map((p, i) => shown(ParamType.from(p), returned[i])),
        data: api.encodeFunctionResult(signature, returned),
      });
    } else if (entry.type === "error") {
      cases.push({ kind: "revert", ...one, data: api.encodeErrorResult(signature, values) });
    } else {
      cases.push({ kind: "log", ...one, ...log(r, api, entry, signature, inputs, one.values) });
    }
  }
  const file = r.below(2) ? abi : { contractName: "Random", bytecode: "0x", abi, networks: {} };
  return { file: JSON.stringify(file, null, r.below(3)), cases };
}

/** An entry of the ABI with values for its parameters. */
function entryOf(r, kind) {
  const name = "abcdefgh"[r.below(8)] + r.below(1000);
  const inputs = parameters(r), outputs = kind === "function" ? parameters(r) : [];
  const entry = { type: kind, name, inputs: inputs.map((p) => p.json) };
  if (kind === "function") Object.assign(entry, { outputs: outputs.map((p) => p.json), stateMutability: "view" });
  if (kind === "event") {
    entry.anonymous = r.below(4) === 0;
    let free = entry.anonymous ? 4 : 3;
    for (const p of entry.inputs) p.indexed = r.below(2) === 1 && free-- > 0;
  }
  return { entry, inputs, outputs };
}

function parameters(r) {
  return Array.from({ length: r.below(5) }, (_, i) => {
    const type = abiType(r, 3);
    return { type, value: type.value(r), json: json(ParamType.from(type.name), r.below(4) ? `p${i}` : "", r) };
  });
}

function json(type, name, r) {
  if (type.isArray()) {
    const element = json(type.arrayChildren, name, r);
    return { ...element, type: `${element.type}[${type.arrayLength < 0 ? "" : type.arrayLength}]` };
  }
  if (!type.isTuple()) return { name, type: type.type };
  const names = r.below(4);
  return { name, type: "tuple", components: type.components.map((c, i) => json(c, names === 0 ? "" : `c${names === 1 ? 0 : i}`, r)) };
}

/** A log, its topics made by hand where ethers makes none: any word stands for the hash of an array or a tuple. */
function log(r, api, entry, signature, inputs, values) {
  const topics = entry.anonymous ? [] : [id(signature)];
  const isHash = (p) => p.type.name === "string" || p.type.name === "bytes" || /[\])]$/.test(p.type.name);
  const hashes = entry.inputs.map((p, i) => p.indexed && isHash(inputs[i]));
  entry.inputs.forEach((p, i) => {
    if (!p.indexed) return;
    const { type, value } = inputs[i];
    topics.push(type.name === "string" ? keccak256(toUtf8Bytes(value)) : type.name === "bytes" ? keccak256(value)
      : hashes[i] ? r.bytes(32) : coder.encode([type.name], [value]));
  });
  const inData = inputs.filter((_, i) => !entry.inputs[i].indexed);
  const data = coder.encode(inData.map((p) => p.type.name), inData.map((p) => p.value));
  const read = api.decodeEventLog(api.getEvent(signature), data, topics);
  return {
    topics, data, hashes,
    values: values.map((value, i) => {
      if (hashes[i]) return read[i].hash;
      const isSame = JSON.stringify(plain(read[i])).toLowerCase() === JSON.stringify(inputs[i].value).toLowerCase();
      if (!isSame) throw new Error(`${signature}: value ${i} is read as ${read[i]}`);
      return value;
    }),
  };
}

/** The JSON form of a value: objects for tuples with names. */
function shown(type, value) {
  if (type.isArray()) return value.map((item) => shown(type.arrayChildren, item));
  if (!type.isTuple()) return value;
  const names = type.components.map((c) => c.name);
  const items = type.components.map((c, i) => shown(c, value[i]));
  return names.every((n) => n) && new Set(names).size === names.length ? Object.fromEntries(names.map((n, i) => [n, items[i]])) : items;
}

function plain(value) {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "object") return Array.from(value, plain);
  return value;
}
