using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace CortexMl.Tests.Pages;

/// <summary>
/// A page in a Chromium without a window, over its debugging protocol: what it says on its console, how wide it is, what it looks like.
/// </summary>
internal sealed class Browser : IDisposable
{
    /// <summary>A folder in which pictures of pages are kept, to be looked at; where it is not set, none are.</summary>
    private const string PicturesVariable = "CORTEXML_PAGE_PICTURES";

    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _limit;
    private readonly Process _process;
    private readonly string _profile = Directory.CreateTempSubdirectory("cortexml-browser-").FullName;
    private readonly ClientWebSocket _socket = new();
    private int _sent;
    private bool _isLoaded;

    private Browser(string program, TimeSpan patience)
    {
        _limit = new(patience);
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            ArgumentList =
            {
                "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0",
                $"--user-data-dir={_profile}", "about:blank",
            },
        };
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Whether somebody wants pictures.</summary>
    public static bool KeepsPictures => Environment.GetEnvironmentVariable(PicturesVariable) is { Length: > 0 };

    /// <summary>Errors and exceptions that the page told, and what its policy refused.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Skips the test, with the reason, where no browser is installed.</summary>
    /// <param name="patience">For all that is done with it; null for a minute.</param>
    public static async Task<Browser> StartAsync(TimeSpan? patience = null)
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => s_names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Skip.If(program is null, $"no browser: none of {string.Join(", ", s_names)} is on the path");
        var browser = new Browser(program!, patience ?? s_patience);
        try
        {
            await browser.ConnectAsync();
            return browser;
        }
        catch (Exception)
        {
            browser.Dispose();
            throw;
        }
    }

    /// <param name="file">Or an address.</param>
    /// <param name="width">Of the window, in pixels; a phone below 500.</param>
    /// <param name="scheme"><c>light</c> or <c>dark</c>.</param>
    public async Task OpenAsync(string file, int width, string scheme)
    {
        await ResizeAsync(width);
        var feature = new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme };
        await AskAsync("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(feature) });
        _isLoaded = false;
        await AskAsync("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri });
        while (!_isLoaded) await TakeAsync();
    }

    /// <summary>What an expression of the page's own language is, or becomes where it is a promise.</summary>
    public async Task<JsonNode?> ValueAsync(string expression)
    {
        var asked = new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true };
        var answer = await AskAsync("Runtime.evaluate", asked);
        return answer["exceptionDetails"] is { } thrown ? throw new InvalidOperationException(thrown.ToJsonString())
            : answer["result"]?["value"];
    }

    /// <summary>Waits until an expression is true, as long as the browser has patience.</summary>
    public async Task WaitForAsync(string expression)
    {
        while (!(await ValueAsync($"Boolean({expression})"))!.GetValue<bool>()) await Task.Delay(50, _limit.Token);
    }

    /// <summary>Chooses files in an input of the page, as a person does.</summary>
    public async Task ChooseAsync(string selector, params IEnumerable<string> files)
    {
        var found = await AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = $"document.querySelector('{selector}')" });
        await AskAsync("DOM.setFileInputFiles", new JsonObject
        {
            ["objectId"] = found["result"]!["objectId"]!.GetValue<string>(), ["files"] = new JsonArray([.. files.Select(f => (JsonNode)f)]),
        });
    }

    /// <summary>Draws a line with the mouse, from place to place in the window.</summary>
    public async Task DragAsync(params IReadOnlyList<(double X, double Y)> places)
    {
        await MouseAsync("mousePressed", places[0]);
        foreach (var place in places.Skip(1)) await MouseAsync("mouseMoved", place);
        await MouseAsync("mouseReleased", places[^1]);

        Task MouseAsync(string type, (double X, double Y) place) => AskAsync("Input.dispatchMouseEvent", new JsonObject
        {
            ["type"] = type, ["x"] = place.X, ["y"] = place.Y, ["button"] = "left", ["buttons"] = 1, ["clickCount"] = 1,
        });
    }

    /// <summary>Another size of the same page.</summary>
    /// <param name="height">0 for that of a phone or a screen.</param>
    public async Task ResizeAsync(int width, int height = 0)
    {
        var size = new JsonObject
        {
            ["width"] = width, ["height"] = height > 0 ? height : width < 500 ? 844 : 900, ["deviceScaleFactor"] = 1,
            ["mobile"] = width < 500,
        };
        await AskAsync("Emulation.setDeviceMetricsOverride", size);
    }

    /// <summary>A picture of the window as a person sees it, without bars to scroll with: of a height, from an element on.</summary>
    public async Task KeepWindowAsync(string name, int width, int height, string selector)
    {
        await AskAsync("Emulation.setScrollbarsHidden", new JsonObject { ["hidden"] = true });
        await ResizeAsync(width, height);
        await ValueAsync($"document.querySelector('{selector}').scrollIntoView({{ block: 'start', behavior: 'instant' }})");
        await ValueAsync("document.activeElement?.blur()");
        await ValueAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        await KeepPictureAsync(name);
    }

    /// <summary>Keeps a picture of the window, or of the whole page, where somebody wants to look at it.</summary>
    public async Task KeepPictureAsync(string name, bool isWhole = false)
    {
        if (!KeepsPictures) return;
        var options = new JsonObject { ["format"] = "png", ["captureBeyondViewport"] = isWhole };
        if (isWhole)
        {
            var size = (await AskAsync("Page.getLayoutMetrics", []))["cssContentSize"]!;
            options["clip"] = new JsonObject
            {
                ["x"] = 0, ["y"] = 0, ["width"] = size["width"]!.DeepClone(), ["height"] = size["height"]!.DeepClone(), ["scale"] = 1,
            };
        }
        var picture = await AskAsync("Page.captureScreenshot", options);
        string file = Path.Combine(Environment.GetEnvironmentVariable(PicturesVariable)!, name + ".png");
        await File.WriteAllBytesAsync(file, Convert.FromBase64String(picture["data"]!.GetValue<string>()));
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _limit.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // One of its processes still writes; the folder is one of temporary files.
        }
    }

    private async Task ConnectAsync()
    {
        string port = Path.Combine(_profile, "DevToolsActivePort");
        while (!File.Exists(port) || (await File.ReadAllLinesAsync(port, _limit.Token)).Length < 2) await Task.Delay(50, _limit.Token);
        string[] lines = await File.ReadAllLinesAsync(port, _limit.Token);
        using var http = new HttpClient();
        var list = new UriBuilder("http", "127.0.0.1", int.Parse(lines[0], CultureInfo.InvariantCulture), "json");
        string pages = await http.GetStringAsync(list.Uri, _limit.Token);
        var page = JsonNode.Parse(pages)!.AsArray().First(target => target!["type"]!.GetValue<string>() == "page")!;
        await _socket.ConnectAsync(new Uri(page["webSocketDebuggerUrl"]!.GetValue<string>()), _limit.Token);
        foreach (string domain in (string[])["Page", "Runtime", "Log"]) await AskAsync($"{domain}.enable", []);
    }

    private async Task<JsonNode> AskAsync(string method, JsonObject parameters)
    {
        int id = ++_sent;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, _limit.Token);
        while (true)
        {
            var answer = await TakeAsync();
            if (answer["id"]?.GetValue<int>() == id) return answer["result"] ?? throw new InvalidOperationException(answer.ToJsonString());
        }
    }

    /// <summary>The next message: an answer, or an event, of which those that matter are kept.</summary>
    private async Task<JsonNode> TakeAsync()
    {
        using var whole = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, _limit.Token);
            whole.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) break;
        }
        var message = JsonNode.Parse(whole.ToArray())!;
        string method = message["method"]?.GetValue<string>() ?? "";
        if (method == "Page.loadEventFired") _isLoaded = true;
        if (method is "Runtime.exceptionThrown" or "Runtime.consoleAPICalled" or "Log.entryAdded") Complaints.Add(message.ToJsonString());
        return message;
    }
}
