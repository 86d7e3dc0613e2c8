// Elements from words: h("p", { class: "small" }, "text"). Texts are texts, never markup.
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && key !== "list" && typeof value !== "string") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(Boolean));
}

export const percent = (share) => `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`;

export const grouped = (number) => number.toLocaleString("en-US");

// A diagnostic: code, what, where, what to do.
export function told(diagnostic) {
  return h("div", { class: `told ${diagnostic.severity}`, role: diagnostic.severity === "error" ? "alert" : undefined },
    h("code", {}, diagnostic.code), diagnostic.message,
    diagnostic.place ? h("small", {}, diagnostic.place) : null,
    diagnostic.hint ? h("small", {}, diagnostic.hint) : null);
}
