using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CortexMl.Serve;
using CortexMl.Serve.Jobs;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;

namespace CortexMl.Tests.Serving;

/// <summary>A page of its own, served to tests over the network as to anybody.</summary>
internal sealed class ServedPage : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly bool _ownsFolder;
    private readonly PageServer _server;

    private ServedPage(TemporaryFolder folder, bool ownsFolder, PageServer server)
    {
        (_folder, _ownsFolder, _server) = (folder, ownsFolder, server);
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Address };
    }

    public HttpClient Http { get; }

    public Uri Address => _server.Address;

    public string Work => _folder["work"];

    /// <summary>What lies beside the work folder: it must stay as it is.</summary>
    public string Outside => _folder["outside.txt"];

    /// <param name="folder">One that is kept, to open it again; null for one of its own.</param>
    public static async Task<ServedPage> StartAsync(
        TemporaryFolder? folder = null, long maxUpload = 64 << 20, IReadOnlyList<string>? command = null,
        Action<JobState, string>? write = null)
    {
        bool owns = folder is null;
        folder ??= new TemporaryFolder();
        folder.Write("outside.txt", "untouched");
        var options = new ServeOptions(folder["work"], command ?? CliProcess.Words) { MaxUpload = maxUpload, Write = write };
        var server = await PageServer.StartAsync(options);
        return new(folder, owns, server);
    }

    public async Task<string> CreateAsync(string name = "job")
    {
        using var answer = await Http.PostAsync(new Uri($"jobs?name={name}", UriKind.Relative), null);
        return (await JsonAsync(answer))!["id"]!.GetValue<string>();
    }

    public async Task<HttpResponseMessage> UploadAsync(string id, string name, byte[] bytes)
    {
        using var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return await Http.PutAsync(new Uri($"jobs/{id}/files?name={Uri.EscapeDataString(name)}", UriKind.Relative), body);
    }

    public async Task<HttpResponseMessage> PostAsync(string path, string json = "{}")
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await Http.PostAsync(new Uri(path, UriKind.Relative), body);
    }

    public async Task<JsonNode> JobAsync(string id)
    {
        using var answer = await Http.GetAsync(new Uri($"jobs/{id}", UriKind.Relative));
        return (await JsonAsync(answer))!;
    }

    public async Task<string> StatusAsync(string id) => (string)(await JobAsync(id))["state"]!["status"]!;

    /// <summary>Waits until a job has one of these states.</summary>
    public async Task<string> UntilAsync(string id, params string[] statuses)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            string status = await StatusAsync(id);
            if (statuses.Contains(status)) return status;
            await Task.Delay(30, limit.Token);
        }
    }

    public static async Task<JsonNode?> JsonAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync());

    /// <summary>The code of the first diagnostic of an answer.</summary>
    public static async Task<string> CodeAsync(HttpResponseMessage answer) =>
        (string)(await JsonAsync(answer))!["diagnostics"]![0]!["code"]!;

    /// <summary>Files of a job, as they lie on the disk.</summary>
    public string[] Stored(string id)
    {
        string files = Path.Combine(Work, "jobs", id, "files");
        return !Directory.Exists(files) ? [] : [.. Directory.EnumerateFileSystemEntries(files, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(files, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        if (_ownsFolder) _folder.Dispose();
    }
}
