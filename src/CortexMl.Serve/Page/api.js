// What the server answers. Addresses are relative: the token is in front of them.

/** An answer that is no result: its diagnostics. */
export class Refusal extends Error {
  constructor(diagnostics) {
    super(diagnostics.map((d) => `${d.code}: ${d.message}`).join("\n"));
    this.diagnostics = diagnostics;
  }
}

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refusal([{ severity: "error", code: "", message: "The page's server does not answer.", hint: "Is 'cortexml serve' still running?" }]);
  }
  if (response.status === 204) return null;
  const text = await response.text();
  let value = null;
  try {
    value = JSON.parse(text);
  } catch {
    // Told below.
  }
  if (response.ok && value !== null) return value;
  throw new Refusal(value?.diagnostics ?? [{ severity: "error", code: "", message: `The server answered ${response.status}.` }]);
}

const post = (path, value) => ask(path, { method: "POST", body: value === undefined ? undefined : JSON.stringify(value) });

export const api = {
  create: (name) => post(`jobs?name=${encodeURIComponent(name)}`),
  job: (id) => ask(`jobs/${id}`),
  remove: (id) => ask(`jobs/${id}`, { method: "DELETE" }),
  upload: (id, name, file) => ask(`jobs/${id}/files?name=${encodeURIComponent(name)}`, { method: "PUT", body: file }),
  inspect: (id, wish) => post(`jobs/${id}/inspect`, wish),
  preview: (id, wish) => post(`jobs/${id}/preview`, wish),
  start: (id, wish) => post(`jobs/${id}/start`, wish),
  cancel: (id) => post(`jobs/${id}/cancel`),
  warnings: (id, said) => ask(`jobs/${id}/package${said}`),
  draw: (id, picture) => post(`jobs/${id}/draw`, picture),
};
