using System.Text.Json.Nodes;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Pages;
using CortexMl.Tests.Support;
using CortexMl.Web;
using Xunit;

namespace CortexMl.Tests.Web;

/// <summary>A compiled network, exported and opened in Chromium from a server of files.</summary>
internal sealed class ExportedPage : IDisposable
{
    private const string PlaceVariable = "CORTEXML_ORT_WEB";

    private readonly TemporaryFolder _folder;
    private readonly PageServer _server;

    private ExportedPage(TemporaryFolder folder, Browser browser)
    {
        (_folder, Browser) = (folder, browser);
        _server = new PageServer(folder["page"]);
    }

    public Browser Browser { get; }

    public PageServer Server => _server;

    public string Compiled => _folder["out"];

    public TemporaryFolder Folder => _folder;

    /// <summary>The npm package; the test is skipped where it is not there.</summary>
    public static string Runtime()
    {
        string place = Environment.GetEnvironmentVariable(PlaceVariable) is { Length: > 0 } given
            ? given : Repository.Path("tools", "web", "node_modules", WebRuntime.Package);
        Skip.IfNot(Directory.Exists(place),
            $"{WebRuntime.Package} is not installed: npm install --prefix tools/web, or say where it is in {PlaceVariable}");
        return place;
    }

    /// <param name="compile">Model, data and options of the compilation.</param>
    public static async Task<ExportedPage> OpenAsync(
        string[] compile, string[]? export = null, int width = 1280, string scheme = "light", TimeSpan? patience = null)
    {
        string runtime = Runtime();
        var browser = await Browser.StartAsync(patience);
        var folder = new TemporaryFolder();
        var page = new ExportedPage(folder, browser);
        try
        {
            var compiled = CliRun.Of(["compile", .. compile, "-o", folder["out"], "--quiet"]);
            Assert.True(compiled.Exit == 0, compiled.Error);
            var exported = CliRun.Of(["export", "web", folder["out"], "-o", folder["page"], "--ort", runtime, .. export ?? []]);
            Assert.True(exported.Exit == 0, exported.Error);
            await browser.OpenAsync(page._server.Address(""), width, scheme);
            await page.UntilAsync("window.cortexml?.network !== null || document.getElementById('state').className === 'bad'");
            Assert.Equal("Ready.", await page.StateAsync());
            return page;
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

    /// <summary>The sample network of digits.</summary>
    public static Task<ExportedPage> OfDigitsAsync(int width = 1280, string scheme = "light", TimeSpan? patience = null) => OpenAsync(
        [Repository.Path("golden", "models", "mnist-dapp"), "--data", Data("calibration.npy"), "--scale", "1/255"],
        width: width, scheme: scheme, patience: patience);

    public static string Data(string name) => Repository.Path("golden", "models", "mnist-dapp", name);

    public Task<JsonNode?> ValueAsync(string expression) => Browser.ValueAsync(expression);

    /// <summary>What the page says that it does, or what went wrong.</summary>
    public async Task<string> StateAsync() => (string)(await ValueAsync("document.getElementById('state').textContent"))!;

    public async Task UntilAsync(string condition)
    {
        while (!(bool)(await ValueAsync(condition))!) await Task.Delay(50);
    }

    /// <summary>An expression of numbers, of 32 bits each, as an array of integers.</summary>
    public async Task<int[]> IntegersAsync(string expression)
    {
        const string Base64 = "(array => { const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength); let text = ''; "
            + "for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192)); "
            + "return btoa(text); })";
        byte[] bytes = Convert.FromBase64String((string)(await ValueAsync($"(async () => {Base64}(await ({expression})))()"))!);
        int[] integers = new int[bytes.Length / sizeof(int)];
        Buffer.BlockCopy(bytes, 0, integers, 0, bytes.Length);
        return integers;
    }

    /// <summary>Bytes as an expression: a Uint8Array.</summary>
    public static string Bytes(ReadOnlySpan<byte> bytes) =>
        $"Uint8Array.from(atob('{Convert.ToBase64String(bytes)}'), c => c.charCodeAt(0))";

    /// <summary>Integers as an expression: an Int32Array.</summary>
    public static string Integers(ReadOnlySpan<int> integers) =>
        $"new Int32Array({Bytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(integers))}.buffer)";

    public void Dispose()
    {
        Browser.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }
}
