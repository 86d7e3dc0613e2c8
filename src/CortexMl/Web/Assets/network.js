// The network of this folder: page.json says what it takes and returns, model.onnx computes it from integers alone, and ONNX Runtime's
// WebAssembly runs it on one thread. Nothing comes from another origin.

import { callData, joined, quantize, words } from './integers.js';
import { ownReals, ranking } from './answers.js';
import { prepare } from './prepare.js';

const here = name => new URL(name, import.meta.url);

async function got(name) {
  const response = await fetch(here(name));
  if (!response.ok) throw new Error(`${name} is not there (${response.status}): README.txt says what lies in this folder`);
  return response;
}

/** ONNX Runtime, from the files that were copied beside the page. */
export async function openRuntime({ folder, module, wasm }) {
  const [ort, binary] = await Promise.all([
    import(here(`${folder}/${module}`)).catch(() => {
      throw new Error(`${folder}/${module} is not there: README.txt says how it is copied`);
    }),
    got(`${folder}/${wasm}`).then(response => response.arrayBuffer()),
  ]);
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = binary;
  return ort;
}

/** A model's bytes as a function from integers to integers. */
export async function openModel(ort, bytes) {
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'], logSeverityLevel: 3 });
  /** inputs: { name: { shape, data } }, Int32Arrays; the same for the outputs. */
  const run = async inputs => {
    const fed = Object.fromEntries(Object.entries(inputs).map(([name, { shape, data }]) => [name, new ort.Tensor('int32', data, shape)]));
    const results = await session.run(fed);
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, { shape: [...tensor.dims], data: tensor.data }]));
  };
  return { run, close: () => session.release() };
}

/** What page.json describes, with the model opened. */
export async function openNetwork() {
  const page = await (await got('page.json')).json();
  if (page.format !== 1) throw new Error(`page.json is of format ${page.format}, these scripts read 1: copy the whole folder`);
  const [ort, bytes] = await Promise.all([openRuntime(page.runtime), got(page.model.file).then(response => response.arrayBuffer())]);
  if (bytes.byteLength !== page.model.bytes) throw new Error(`${page.model.file} has another size: copy the whole folder`);
  return new Network(page, await openModel(ort, new Uint8Array(bytes)));
}

class Network {
  constructor(page, model) {
    this.page = page;
    this.model = model;
  }

  /** Samples, one for each input, as the integers of the model. */
  integersOf(samples) {
    const { inputs, preprocessing } = this.page;
    return joined(inputs.map((input, k) => quantize(prepare(samples[k], preprocessing, input.shape), input)));
  }

  /** What the model returns for its integers: each output as an Int32Array. */
  async run(integers) {
    const { input, outputs } = this.page;
    const results = await this.model.run({ [input.name]: { shape: input.shape, data: integers } });
    return outputs.map(output => results[output.tensor].data);
  }

  /** Classes, best first, and what the network itself returns for each of them. */
  answer(results) {
    const [output] = this.page.outputs, reals = ownReals(output, results[0]);
    return { classes: ranking(output, results[0]), reals };
  }

  /** The call that stores the integers in the contract. */
  callOf(integers) {
    return callData(this.page.call.selector, words(integers, this.page.input.elementBytes));
  }
}
