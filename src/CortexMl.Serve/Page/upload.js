import { api, Refusal } from "./api.js";

const pictures = /\.(png|jpe?g|bmp|gif|webp|ppm|pgm)$/i;
const models = /(-symbol\.json|\.onnx|\.cml)$/i;
const archives = /\.(zip|tar|tgz|tar\.gz)$/i;

// Everything that was dropped, with its path: folders are walked.
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return named([...transfer.files]);
  const found = [];
  for (const entry of entries) await walk(entry, "", found);
  return loose(found);
}

export const named = (files) => loose(files.map((file) => ({ name: file.webkitRelativePath || file.name, file })));

async function walk(entry, folder, found) {
  if (entry.isFile) {
    found.push({ name: folder + entry.name, file: await new Promise((done, fail) => entry.file(done, fail)) });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) return;
    for (const child of some) await walk(child, `${folder}${entry.name}/`, found);
  }
}

// Pictures without a folder get one: data are a folder.
function loose(found) {
  return found.map(({ name, file }) => ({ name: !name.includes("/") && pictures.test(name) ? `images/${name}` : name, file }));
}

// A name for a job of these files.
export function title(found) {
  const best = found.find(({ name }) => models.test(name)) ?? found.find(({ name }) => archives.test(name)) ?? found[0];
  return best ? best.name.split("/").pop().replace(models, "").replace(archives, "") : "";
}

// One file after the other; what one of them is refused for does not stop the others.
export async function send(id, found, tell) {
  const refused = [];
  let sent = 0;
  for (const { name, file } of found) {
    tell(`${++sent} of ${found.length}: ${name}`);
    try {
      await api.upload(id, name, file);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push(...error.diagnostics);
    }
  }
  tell("");
  return refused;
}

// Files and folders that data may be.
export function choices(files) {
  const folders = new Set();
  for (const name of files.filter((file) => pictures.test(file))) {
    const parts = name.split("/");
    for (let depth = 1; depth < parts.length; depth++) folders.add(parts.slice(0, depth).join("/"));
  }
  const other = /(-symbol\.json|\.onnx|\.cml|\.params|run\.json|manifest\.json)$/i;
  return [...folders, ...files.filter((file) => !other.test(file) && !pictures.test(file))].sort();
}
