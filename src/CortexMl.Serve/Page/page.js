import { api, Refusal } from "./api.js";
import { fill, h, told } from "./dom.js";
import { Preparing } from "./prepare.js";
import { Progress, result } from "./result.js";
import { dropped, named, send, title } from "./upload.js";

const list = document.getElementById("jobs"), work = document.getElementById("work"), uploading = document.getElementById("uploading");
const drop = document.getElementById("drop"), connection = document.getElementById("connection");
const jobs = new Map();
let current = null, progress = null, turn = 0;

const words = {
  draft: "draft", queued: "waits", running: "runs", done: "done", failed: "failed", cancelled: "cancelled", interrupted: "interrupted",
};

function showList() {
  fill(list, [...jobs.values()].reverse().map((job) => h("li", {},
    h("button", { type: "button", "aria-current": String(job.id === current), onclick: () => open(job.id) },
      h("span", {}, job.name), h("span", { class: `badge ${job.status}` }, words[job.status])))));
  document.getElementById("new-job").hidden = current === null;
}

function showNothing() {
  current = null;
  showList();
  fill(work, h("div", { class: "empty" }, h("h2", {}, "What this page does"),
    h("ol", {},
      h("li", {}, "Drop a trained network and typical inputs on the left, or choose them there."),
      h("li", {}, "See what it is, and how its data are prepared; accept that or change it."),
      h("li", {}, "Compile. Watch, cancel, come back later: jobs are kept."),
      h("li", {}, "Read the report, draw a digit, and download what goes to the chain.")),
    h("p", {}, "No network at hand? ", h("code", {}, "cortexml sample mnist-dapp -o digits"), " writes one with its data.")));
}

async function open(id, refused = []) {
  current = id;
  progress = null;
  showList();
  const mine = ++turn;
  let job;
  try {
    job = await api.job(id);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    fill(work, error.diagnostics.map(told));
    return;
  }
  if (mine !== turn) return;
  const { state } = job, isBusy = state.status === "queued" || state.status === "running";
  fill(work, heading(state, isBusy), refused.map(told));
  if (isBusy) {
    progress = new Progress(job.log);
    work.append(h("section", { class: "card", id: "progress" },
      h("h2", {}, state.status === "queued" ? "Waits for the job before it" : "Compiling"), progress.element));
  } else if (state.status === "done") {
    work.append(...result(job).filter(Boolean), again(job), said(job));
  } else if (state.status === "draft") {
    await prepare(job);
  } else {
    const log = new Progress(job.log);
    const why = { failed: state.problem ? "It could not be done." : "It was refused.", cancelled: "It was cancelled.", interrupted: "The page ended while it ran." }[state.status];
    work.append(h("section", { class: "card", id: "stopped" }, h("h2", {}, why),
      state.problem ? told({ severity: "error", code: state.problem.split(": ")[0], message: state.problem.replace(/^CML\d{4}: /, "") }) : null,
      log.problems()), again(job), said(job));
  }
}

function heading(state, isBusy) {
  return h("div", { class: "title" }, h("h2", {}, state.name), h("span", { class: `badge ${state.status}` }, words[state.status]),
    h("div", { class: "buttons" }, isBusy
      ? h("button", { type: "button", id: "cancel", onclick: () => act(() => api.cancel(state.id)) }, "Cancel")
      : h("button", { type: "button", class: "quiet", onclick: () => act(() => api.remove(state.id)) }, "Remove")));
}

async function prepare(job) {
  const preparing = new Preparing(job.state.id, job.files, () => open(job.state.id));
  work.append(preparing.element);
  await preparing.look();
}

function again(job) {
  const place = h("div");
  const button = h("button", {
    type: "button", onclick: async () => {
      button.remove();
      const preparing = new Preparing(job.state.id, job.files, () => open(job.state.id));
      place.append(preparing.element);
      await preparing.look();
    },
  }, "Change something and compile again");
  place.append(button);
  return place;
}

function said(job) {
  return job.log ? h("details", { class: "log" }, h("summary", {}, "What the command said"),
    h("pre", { tabindex: "0" }, job.log.split("\n").filter((one) => !/ % \(\d+ of \d+\)$/.test(one)).join("\n"))) : "";
}

async function act(what) {
  try {
    await what();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    work.prepend(...error.diagnostics.map(told));
  }
}

// Files go to the job that is open while it is being prepared, and to a new one else.
async function take(found) {
  if (found.length === 0) return;
  await act(async () => {
    const isOpen = current !== null && jobs.get(current)?.status === "draft";
    const id = isOpen ? current : (await api.create(title(found))).id;
    const refused = await send(id, found, (text) => { uploading.textContent = text; });
    await open(id, refused);
  });
}

for (const input of document.querySelectorAll("#drop input"))
  input.addEventListener("change", async () => {
    const found = named([...input.files]);
    input.value = "";
    await take(found);
  });
document.getElementById("new-job").addEventListener("click", showNothing);
addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
addEventListener("dragleave", (event) => { if (event.relatedTarget === null) drop.classList.remove("over"); });
addEventListener("drop", async (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  await take(await dropped(event.dataTransfer));
});

const events = new EventSource("events");
events.addEventListener("open", () => { connection.textContent = ""; });
events.addEventListener("error", () => { connection.textContent = "The page's server does not answer; is 'cortexml serve' still running?"; });
events.addEventListener("job", (event) => {
  const state = JSON.parse(event.data), before = jobs.get(state.id);
  jobs.set(state.id, state);
  showList();
  if (state.id === current && before && before.status !== state.status && state.status !== "draft") open(state.id);
});
events.addEventListener("line", (event) => {
  const { id, line } = JSON.parse(event.data);
  if (id === current) progress?.add(line);
});
events.addEventListener("gone", (event) => {
  const id = JSON.parse(event.data);
  jobs.delete(id);
  if (id === current) showNothing();
  else showList();
});

showNothing();
