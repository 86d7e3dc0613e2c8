// What one sees: an image, a drawing or numbers go in; classes, integers and the call come out.

import { openNetwork } from './network.js';
import { readImage, writeNetPbm } from './image.js';
import { Pen, showPlanes } from './pen.js';

const shown = 5, listed = 1000;
const part = id => document.getElementById(id);
const made = (name, text, kind) => Object.assign(document.createElement(name), { textContent: text, className: kind ?? '' });

/** For programs: the network once it is open, and how files are read. */
window.cortexml = { network: null, readImage };

let network, drawing, planes, latest = 0;

function tell(text, kind = '') {
  part('state').textContent = text;
  part('state').className = kind;
}

/** An answer to what was given before would be taken for one to this. */
function problem(error) {
  part('answer').hidden = true;
  tell(error.message ?? String(error), 'bad');
}

/** Runs samples, one for each input, unless others came meanwhile. */
async function run(samples, note = '') {
  const mine = ++latest;
  try {
    const integers = network.integersOf(samples);
    const start = performance.now();
    const results = await network.run(integers);
    if (mine !== latest) return;
    tell(`Computed in ${(performance.now() - start).toFixed(1)} ms. ${note}`, note ? 'note' : '');
    show(results, integers);
  } catch (error) {
    if (mine === latest) problem(error);
  }
}

function show(results, integers) {
  const { outputs, kind, classes = [] } = network.page;
  const { classes: order, reals } = network.answer(results);
  part('answer').hidden = false;
  part('best').textContent = kind === 'numbers' ? '' : named(kind === 'class' ? results[0][0] : order[0]);
  const least = Math.min(...order.slice(0, shown).map(i => results[0][i])), most = results[0][order[0]];
  part('ranks').replaceChildren(...(kind === 'scores' ? order.slice(0, shown) : []).map(i => {
    const row = made('li'), bar = made('span', '', 'bar'), filled = made('i');
    filled.style.width = `${outputs[0].lastStep ? 100 * reals[i] : 100 * (results[0][i] - least + 1) / (most - least + 1)}%`;
    bar.append(filled);
    row.append(made('b', named(i)), bar, made('span', `${results[0][i]}`, 'integer'), made('span', text(reals[i]), 'real'));
    return row;
  }));
  part('outputs').replaceChildren(...outputs.flatMap((output, k) => [
    made('h3', `${output.name} [${output.shape}]`),
    made('p', output.scale ? `The network's number is about the integer / ${output.scale}`
      + `${output.lastStep ? `, then ${output.lastStep.op}` : ''}.` : ''),
    made('pre', list(results[k]))]));
  const call = network.callOf(integers);
  part('call').value = call;
  part('callSize').textContent = `${(call.length - 2) / 2} bytes: ${network.page.call.signature}`;

  function named(i) {
    return classes[i] ?? `class ${i}`;
  }
}

const text = real => Math.abs(real) >= 1e-4 || real === 0 ? String(Number(real.toPrecision(4))) : real.toExponential(2);

const list = integers => integers.length <= listed ? integers.join(' ')
  : `${integers.subarray(0, listed).join(' ')} … (${integers.length} numbers)`;

function runPlanes(given, note) {
  planes = given;
  part('save').disabled = false;
  return run([{ ...given, isBytes: true, isImage: true }], note);
}

async function take(file) {
  if (!file) return;
  try {
    const image = await readImage(file);
    showPlanes(part('picture'), image);
    part('picture').hidden = false;
    const notes = [];
    if (!image.isExact)
      notes.push('The browser decoded this file: cortexml run may see pixels that differ by a step. Save the pixels to compare.');
    if (image.isTransparent) notes.push('Pixels that are not opaque were laid on white.');
    await runPlanes(image, notes.join(' '));
  } catch (error) {
    problem(error);
  }
}

/** Numbers of a text, in any of the usual spellings of a list. */
function numbersOf(text) {
  const numbers = text.split(/[\s,;[\]]+/).filter(word => word.length > 0).map(Number);
  const at = numbers.findIndex(number => Number.isNaN(number));
  if (at >= 0) throw new Error(`word ${at + 1} is no number`);
  return numbers;
}

/** Whether channels stand behind height and width. */
const isLast = shape => shape.length === 4 && [1, 3].includes(shape[3]) && ![1, 3].includes(shape[1]);

function runNumbers() {
  try {
    run(network.page.inputs.map((input, k) => {
      const data = numbersOf(part('numbers').querySelectorAll('textarea')[k].value);
      const wanted = input.shape.reduce((count, dim) => count * dim, 1);
      if (data.length !== wanted) throw new Error(`${input.name} takes ${wanted} numbers, ${data.length} are given`);
      // They stand in the order of the input, whatever the layout of the data was that it was calibrated on.
      return { shape: input.shape, data, isBytes: false, isImage: !isLast(input.shape) };
    }));
  } catch (error) {
    problem(error);
  }
}

function arrange({ name, inputs, kind, image, pen, preparation, model, runtime, call }) {
  document.title = `${name} · CortexMl`;
  part('name').textContent = name;
  part('facts').textContent = `${inputs.map(input => `${input.name} [${input.shape}]`).join(', ')}`
    + `${preparation ? `, prepared with ${preparation}` : ''}`;
  part('origin').textContent = `Model ${call.infoHash}, ${model.bytes} bytes as ONNX of integers; `
    + `onnxruntime-web ${runtime.version ?? ''} on one thread.`;
  part('images').hidden = !image;
  part('draw').hidden = !pen;
  part('numbers').open = !image;
  part('returned').open = kind === 'numbers';
  for (const input of inputs) {
    const label = made('label', `${input.name}: ${input.shape.reduce((count, dim) => count * dim, 1)} numbers `);
    label.append(Object.assign(made('textarea'), { rows: 3, spellcheck: false }));
    part('fields').append(label);
  }
  if (pen) drawing = new Pen(part('pen'), pen.shape, pen.ground, () => runPlanes(drawing.planes));
}

function connect() {
  part('file').addEventListener('change', event => take(event.target.files[0]));
  part('clear').addEventListener('click', () => drawing.clear());
  part('runNumbers').addEventListener('click', runNumbers);
  part('copy').addEventListener('click', async () => {
    await navigator.clipboard.writeText(part('call').value);
    tell('The call data are copied.');
  });
  part('save').addEventListener('click', () => {
    const link = made('a');
    link.href = URL.createObjectURL(new Blob([writeNetPbm(planes)]));
    link.download = planes.shape[0] === 1 ? 'input.pgm' : 'input.ppm';
    link.click();
    URL.revokeObjectURL(link.href);
  });
  document.addEventListener('dragover', event => event.preventDefault());
  document.addEventListener('drop', event => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
  document.addEventListener('paste', event => take([...event.clipboardData.files][0]));
}

try {
  tell('The network is loaded …');
  network = await openNetwork();
  window.cortexml.network = network;
  arrange(network.page);
  connect();
  part('work').hidden = false;
  tell('Ready.');
} catch (error) {
  problem(error);
}
