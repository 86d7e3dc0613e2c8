namespace CortexMl.Pages;

/// <summary>What every page of a report looks like, and the script that sorts its tables. Nothing is loaded from elsewhere.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root{--ground:#fff;--panel:#f6f7f9;--ink:#1a1f26;--muted:#5c6672;--line:#e1e5ea;--accent:#2c66c9;--soft:#c9daf5;--bad:#c2402a;
        --badsoft:#f6cfc7;--good:#1f7a4d;--used:#8aa4b8;--time:#b08a2e}
        @media(prefers-color-scheme:dark){:root{--ground:#13161a;--panel:#1b2026;--ink:#e7eaee;--muted:#9aa5b1;--line:#2d343c;
        --accent:#79a8f5;--soft:#2a436d;--bad:#f0826c;--badsoft:#6b2f26;--good:#63c596;--used:#5d7688;--time:#d9b45c}}
        *{box-sizing:border-box}
        html{scroll-padding-top:46px;-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        header,main{max-width:1180px;margin:0 auto;padding:0 24px}
        header{padding-top:36px;padding-bottom:20px}
        header p{margin:0;color:var(--muted);font-size:13px;letter-spacing:.02em}
        h1{margin:2px 0 0;font-size:30px;line-height:1.2;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
        h2{margin:0 0 14px;font-size:20px;font-weight:650;letter-spacing:-.005em}
        h3{margin:26px 0 8px;font-size:15px;font-weight:650}
        p{margin:0 0 14px;max-width:78ch;color:var(--muted)}
        code,pre{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        nav{position:sticky;top:0;z-index:3;display:flex;gap:4px;overflow-x:auto;background:var(--ground);border-top:1px solid var(--line);
        border-bottom:1px solid var(--line);padding:8px max(24px,calc((100vw - 1180px)/2 + 24px));scrollbar-width:none}
        nav a{padding:5px 11px;border-radius:7px;color:var(--muted);text-decoration:none;font-size:13.5px;font-weight:550;
        white-space:nowrap}
        nav a:hover{background:var(--panel);color:var(--ink)}
        nav a.here{background:var(--panel);color:var(--accent)}
        section{padding:34px 0;border-bottom:1px solid var(--line)}
        section:last-child{border-bottom:0}
        .note{padding:10px 14px;background:var(--panel);border-radius:8px;max-width:none}
        .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(165px,1fr));gap:12px;margin-bottom:22px}
        .tile{background:var(--panel);border-radius:10px;padding:13px 15px;min-width:0}
        .tile span,.tile small{display:block;color:var(--muted);font-size:12.5px;overflow-wrap:anywhere;line-height:1.35}
        .tile b{display:block;font-size:24px;font-weight:620;line-height:1.35;font-variant-numeric:tabular-nums;white-space:nowrap}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:5px 18px;margin:0 0 18px;font-size:14px}
        dt{color:var(--muted)}dd{margin:0;min-width:0;overflow-wrap:anywhere}
        .told{list-style:none;margin:0;padding:0;font-size:14px;max-height:380px;overflow:auto}
        .told li{padding:8px 12px;margin-bottom:6px;background:var(--panel);border-left:3px solid var(--line);border-radius:0 8px 8px 0;
        overflow-wrap:anywhere}
        .told .warning{border-left-color:var(--time)}
        .told small{display:block;margin-top:2px;font-size:13px;color:var(--muted)}
        .scroll{overflow:auto;max-height:520px;border:1px solid var(--line);border-radius:10px;margin-bottom:14px}
        table{border-collapse:separate;border-spacing:0;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
        th{position:sticky;top:0;z-index:1;background:var(--panel);padding:0;text-align:left;font-weight:600;color:var(--muted)}
        th button{all:unset;box-sizing:border-box;display:block;width:100%;padding:8px 12px;cursor:pointer;font-size:12.5px;
        white-space:nowrap}
        th button:focus-visible{outline:2px solid var(--accent);outline-offset:-2px}
        th[aria-sort] button{color:var(--accent)}
        th[aria-sort=ascending] button::after{content:" ↑"}th[aria-sort=descending] button::after{content:" ↓"}
        td{padding:7px 12px;border-top:1px solid var(--line);vertical-align:top;white-space:nowrap}
        tbody tr:first-child td{border-top-color:transparent}
        td code{white-space:normal;overflow-wrap:anywhere;display:inline-block;width:max-content;max-width:40ch}
        td small{display:block;color:var(--muted);white-space:normal;min-width:22ch}
        td em{font-style:normal;color:var(--accent)}
        .figure{text-align:right}.idle{color:var(--muted)}
        td .change{display:inline-block;min-width:0}
        .meter{display:inline-block;width:76px;height:7px;margin-right:10px;border-radius:4px;background:var(--line);overflow:hidden;
        vertical-align:middle}
        .meter i{display:block;height:100%;background:var(--accent)}
        .gauge{display:inline-block;min-width:9.5ch;text-align:right}
        .meter.bad i{background:var(--bad)}.meter.used i{background:var(--used)}.meter.time i{background:var(--time)}
        details{margin-top:14px}
        summary{cursor:pointer;color:var(--accent);font-size:14px;margin-bottom:10px}
        .plot{margin:0 0 8px;padding:10px 12px 10px 46px;background:var(--panel);border-radius:10px}
        .plot div{position:relative}.bars{display:block;width:100%;height:190px}
        .bars rect{fill:var(--accent)}.bars .out{fill:var(--good)}.bars .bad{fill:var(--bad)}
        .bars .grid{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
        .level{position:absolute;left:-44px;transform:translateY(-50%);font-size:11px;color:var(--muted);width:40px;text-align:right;
        white-space:nowrap}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:12px}
        .card{background:var(--panel);border-radius:10px;padding:11px 13px;min-width:0}
        .card code,.sample code{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        .card svg{display:block;width:100%;height:56px;margin:7px 0 5px;border-bottom:1px solid var(--line)}
        .card path{fill:var(--accent)}.card line{stroke:var(--ink);stroke-width:1.4;vector-effect:non-scaling-stroke}
        .card.cut line{stroke:var(--bad)}
        .card small,.sample small{display:block;color:var(--muted);font-size:12px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        .card.cut small:last-child{color:var(--bad)}
        .matrices{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:16px}
        figure{margin:0;min-width:0}figcaption{font-size:13px;color:var(--muted);margin-bottom:6px}
        .matrix{width:auto}.matrix th{position:static;background:none;padding:4px 8px;font-size:12px;white-space:nowrap;max-width:16ch;
        overflow:hidden;text-overflow:ellipsis}
        .matrix td{border:0;padding:4px 6px;text-align:center;min-width:34px;font-size:12.5px}
        .matrix thead th{text-align:center}
        .matrix .hit{background:color-mix(in srgb,var(--soft) calc(100%*var(--a)),transparent)}
        .matrix .miss{background:color-mix(in srgb,var(--badsoft) calc(100%*(.3 + .7*var(--a))),transparent)}
        .samples{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:12px}
        .sample{display:flex;gap:12px;align-items:center;background:var(--panel);border-radius:10px;padding:10px 12px;min-width:0}
        .sample div{min-width:0;max-width:100%}
        .sample img{width:64px;height:64px;object-fit:contain;image-rendering:pixelated;border-radius:6px;background:#000;flex:none}
        .sample b{font-weight:500;display:inline-block;min-width:48px}.sample .wrong{color:var(--bad)}.sample .right{color:var(--good)}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--panel);padding:12px 14px;border-radius:10px;margin:0}
        .tools{display:flex;flex-wrap:wrap;gap:8px;margin-bottom:12px}
        .tools button,.tools input{font:inherit;font-size:13.5px;padding:6px 12px;border-radius:8px;border:1px solid var(--line);
        background:var(--ground);color:var(--ink)}
        .tools button{cursor:pointer}.tools button:hover{background:var(--panel)}.tools input{flex:1;min-width:180px;max-width:340px}
        .legend{display:flex;flex-wrap:wrap;gap:6px;margin-bottom:14px}.key{padding:1px 9px;border-radius:5px;font-size:12px;color:#1a1f26}
        .drawn{display:grid;grid-template-columns:minmax(0,1fr) 320px;gap:18px;align-items:start}
        .drawn details{margin:0;border:1px solid var(--line);border-radius:10px;overflow:auto;max-height:75vh}
        .drawn summary,.untold{margin:0;padding:8px 13px;color:var(--ink);font-size:13.5px;overflow-wrap:anywhere}
        .drawn details[open] summary{border-bottom:1px solid var(--line);position:sticky;left:0}
        .drawn svg{display:block;margin:8px auto}
        .kinds{color:var(--muted);font-size:12.5px;margin-left:6px}
        .flow{color:var(--muted);font-size:12px;padding:3px 14px;overflow-wrap:anywhere}
        .drawn aside{position:sticky;top:72px;max-height:calc(100vh - 96px);overflow:auto;background:var(--panel);border-radius:10px;
        padding:13px 15px;font:12px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
        .drawn aside p{margin:0 0 7px}.drawn aside p:first-child{color:var(--ink);font-weight:600}
        .e{fill:none;stroke:var(--muted);stroke-width:1.2}.n rect{stroke:#5c6672;stroke-width:1}.n[data-n]{cursor:pointer}
        .n:focus-visible{outline:none}.n:focus-visible rect,.n.on rect{stroke:var(--bad);stroke-width:3}.n.found rect{stroke:var(--accent);
        stroke-width:3}
        .drawn svg text{font:12px system-ui,sans-serif;text-anchor:middle;fill:#1a1f26}.drawn svg .t{font-weight:600}
        .drawn svg .l{font-size:10px;fill:var(--muted);paint-order:stroke;stroke:var(--ground);stroke-width:4px}
        .worse{color:var(--bad)}.better{color:var(--good)}
        @media(max-width:760px){header,main{padding-left:16px;padding-right:16px}header{padding-top:22px}nav{padding-left:12px;
        padding-right:12px}h1{font-size:24px}section{padding:26px 0}.tiles{grid-template-columns:1fr 1fr;gap:9px}.tile{padding:11px 12px}
        .tile b{font-size:20px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}.cards{grid-template-columns:1fr 1fr;gap:9px}
        .drawn{grid-template-columns:1fr}.drawn aside{position:sticky;top:auto;bottom:0;max-height:32vh;border:1px solid var(--line)}
        td,th button{padding-left:9px;padding-right:9px}td:first-child{white-space:normal}
        td code{max-width:22ch}.meter{width:48px}.samples{grid-template-columns:1fr 1fr}
        .sample{flex-direction:column;align-items:flex-start}.bars{height:150px}}
        @media print{nav,.tools{display:none}.scroll,.told{max-height:none;overflow:visible}section{break-inside:avoid-page}}
        """;

    // A click at a title sorts its table by it, numbers from the greatest; the section that is read is marked in the navigation.
    public const string Script = """

        document.addEventListener('click', event => {
          const button = event.target.closest('th button');
          if (!button) return;
          const head = button.parentElement, table = head.closest('table'), body = table.tBodies[0];
          const isFirstDown = head.classList.contains('figure'), was = head.getAttribute('aria-sort');
          const down = was ? was === 'ascending' : isFirstDown;
          for (const other of head.parentElement.children) other.removeAttribute('aria-sort');
          head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
          const key = row => row.cells[head.cellIndex];
          const order = (a, b) => a.dataset.v !== undefined && b.dataset.v !== undefined
            ? a.dataset.v - b.dataset.v : a.textContent.localeCompare(b.textContent);
          body.append(...[...body.rows].sort((a, b) => (down ? -1 : 1) * order(key(a), key(b))));
        });
        const links = new Map([...document.querySelectorAll('nav a')].map(link => [link.hash.slice(1), link]));
        const reading = new IntersectionObserver(seen => {
          for (const entry of seen) links.get(entry.target.id).classList.toggle('here', entry.isIntersecting);
        }, { rootMargin: '-20% 0px -79% 0px' });
        for (const section of document.querySelectorAll('section')) reading.observe(section);

        """;
}
