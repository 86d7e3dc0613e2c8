namespace CortexMl.Picturing;

/// <summary>
/// What every page of a graph has: styles and the script, which the browser gets with it. Nothing is loaded from elsewhere.
/// </summary>
internal static class PageParts
{
    public const string DrawingStyle =
        ".e{fill:none;stroke:#888;stroke-width:1.2}.n rect{stroke:#555;stroke-width:1}"
        + "text{font:12px sans-serif;text-anchor:middle;fill:#111}"
        + ".t{font-weight:600}.l{font-size:10px;fill:#555;paint-order:stroke;stroke:#fff;stroke-width:4px}";

    private const string PageStyle =
        "body{margin:0;font:14px sans-serif;color:#111;background:#fff}header{position:sticky;top:0;background:#f4f4f4;padding:8px 14px;"
        + "border-bottom:1px solid #ccc;z-index:2}h1{font-size:16px;margin:0 0 6px}main{padding:10px 14px;margin-right:34vw}"
        + "aside{position:fixed;right:0;top:0;bottom:0;width:32vw;overflow:auto;background:#fafafa;border-left:1px solid #ccc;"
        + "padding:70px 12px 12px;box-sizing:border-box;font:12px monospace;overflow-wrap:anywhere}aside p{margin:0 0 6px}"
        + "aside p:first-child{font-weight:700}"
        + "details{border:1px solid #ccc;border-radius:6px;margin:4px 0;overflow:auto}"
        + "summary{cursor:pointer;padding:6px 10px;background:#f7f7f7}.kinds{color:#666;margin-left:8px}"
        + ".flow{color:#666;font-size:12px;padding-left:20px}.key{padding:1px 8px;border-radius:4px;margin-right:6px;font-size:12px}"
        + ".n[data-n]{cursor:pointer}.n.on rect{stroke:#d00;stroke-width:3}.n.found rect{stroke:#06c;stroke-width:3}"
        + "button,input{margin-right:8px}";

    // Boxes know their number; facts[number] is the text and what else is known.
    public const string Script = """
        const graph = document.querySelector('.graph'), panel = graph.querySelector('aside');
        const boxes = [...graph.querySelectorAll('.n[data-n]')];
        let shown = null;
        function show(box) {
          if (shown) shown.classList.remove('on');
          shown = box;
          box.classList.add('on');
          panel.replaceChildren(...facts[+box.dataset.n].map(line => {
            const p = document.createElement('p');
            p.textContent = line;
            return p;
          }));
        }
        graph.addEventListener('click', event => { const box = event.target.closest('.n[data-n]'); if (box) show(box); });
        graph.addEventListener('keydown', event => {
          const box = event.key === 'Enter' && event.target.closest ? event.target.closest('.n[data-n]') : null;
          if (box) show(box);
        });
        const all = open => graph.querySelectorAll('details').forEach(d => d.open = open);
        document.getElementById('open').onclick = () => all(true);
        document.getElementById('close').onclick = () => all(false);
        document.getElementById('find').oninput = event => {
          const word = event.target.value.toLowerCase();
          let first = null;
          for (const box of boxes) {
            const hit = word.length > 1 && facts[+box.dataset.n][0].toLowerCase().includes(word);
            box.classList.toggle('found', hit);
            if (hit && !first) first = box;
          }
          if (first) { first.closest('details').open = true; first.scrollIntoView({ block: 'center' }); }
        };
        """;

    /// <param name="facts">A list in JSON; <c>&lt;</c> in it is escaped by the serializer, so that it ends no script.</param>
    public static string Page(string head, string legend, string body, string colours, string facts) =>
        $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{head}</title>\n<link rel=\"icon\" href=\"data:,\">\n"
        + $"<style>{PageStyle}{DrawingStyle}{colours}</style></head>\n<body class=\"graph\"><header><h1>{head}</h1>"
        + $"<button id=\"open\">open all</button><button id=\"close\">close all</button><input id=\"find\" placeholder=\"find a value or operator\">{legend}</header>\n"
        + $"<main>\n{body}</main>\n<aside><p>click at a box</p></aside>\n"
        + $"<script>\nconst facts = {facts};\n{Script}\n</script></body></html>\n";
}
