using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CortexMl.Tests.Web;

/// <summary>A folder as any server of files gives it, without a header that asks for anything; and files that only a test has.</summary>
internal sealed class PageServer : IDisposable
{
    private readonly string _folder;
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public PageServer(string folder)
    {
        _folder = folder;
        Origin = new UriBuilder("http", "127.0.0.1", FreePort()).Uri;
        _listener.Prefixes.Add(Origin.AbsoluteUri);
        _listener.Start();
        Answering = Task.Run(AnswerAsync);
    }

    public Uri Origin { get; }

    /// <summary>Ends with the server.</summary>
    public Task Answering { get; }

    /// <summary>What was asked for, each name once.</summary>
    public IReadOnlyCollection<string> Asked => [.. _asked.Keys.Order(StringComparer.Ordinal)];

    private readonly ConcurrentDictionary<string, bool> _asked = new(StringComparer.Ordinal);

    /// <summary>Gives a file that does not lie in the folder.</summary>
    public void Add(string name, byte[] bytes) => _files[name] = bytes;

    public void Remove(string name) => _files.TryRemove(name, out _);

    public string Address(string name) => new Uri(Origin, name).AbsoluteUri;

    public void Dispose()
    {
        _listener.Stop();
        Answering.Wait();
        _listener.Close();
    }

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // Stopped, or a browser that went away.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        string name = context.Request.Url!.AbsolutePath.TrimStart('/');
        if (name.Length == 0) name = "index.html";
        _asked[name] = true;
        using var response = context.Response;
        if (Bytes(name) is { } bytes)
        {
            response.ContentType = Path.GetExtension(name) switch
            {
                ".html" => "text/html",
                ".css" => "text/css",
                ".js" => "text/javascript",
                _ => "application/octet-stream",
            };
            response.ContentLength64 = bytes.Length;
            await response.OutputStream.WriteAsync(bytes);
        }
        else response.StatusCode = (int)HttpStatusCode.NotFound;
    }

    private byte[]? Bytes(string name)
    {
        if (_files.TryGetValue(name, out byte[]? bytes)) return bytes;
        string path = Path.GetFullPath(Path.Combine(_folder, name));
        return path.StartsWith(Path.GetFullPath(_folder), StringComparison.Ordinal) && File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
