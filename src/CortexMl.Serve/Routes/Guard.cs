using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CortexMl.Serve.Routes;

/// <summary>
/// Who may ask: whoever knows the token, which is the first part of every address, on this machine's own name, and not from another page.
/// No cookie is set, so that no other page can make a browser send one.
/// </summary>
internal sealed class Guard
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const int TokenBytes = 16;

    private readonly byte[] _digest;

    /// <summary>Known only when the port is.</summary>
    public int Port { get; set; }

    /// <summary>Part of an address: 32 digits.</summary>
    public string Token { get; }

    public Guard()
    {
        Token = RandomNumberGenerator.GetHexString(2 * TokenBytes, lowercase: true);
        _digest = SHA256.HashData(Encoding.ASCII.GetBytes(Token));
    }

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = Policy;
        string? problem = Problem(context.Request, out var rest);
        if (problem is not null)
        {
            await Replies.RefuseAsync(context, problem);
            return;
        }
        if (!rest.HasValue)
        {
            // Addresses of the page are relative to what ends with a slash.
            context.Response.Redirect($"/{Token}/");
            return;
        }
        // What is routed does not know the token.
        context.Request.PathBase = "/" + Token;
        context.Request.Path = rest;
        await next(context);
    }

    /// <summary>Null where nothing speaks against a request.</summary>
    private string? Problem(HttpRequest request, out PathString rest)
    {
        rest = PathString.Empty;
        string[] own = [$"127.0.0.1:{Port}", $"localhost:{Port}"];
        if (!own.Contains(request.Host.Value, StringComparer.OrdinalIgnoreCase)) return "it is for another host";
        // Browsers say both of themselves; whoever is no browser has the token from the terminal.
        string origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !own.Any(host => origin == $"{Uri.UriSchemeHttp}{Uri.SchemeDelimiter}{host}"))
            return "it comes from another page";
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        bool isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (site.Length > 0 && site != "same-origin" && !(isRead && site == "none")) return "it comes from another page";
        string path = request.Path.Value ?? "";
        int end = path.IndexOf('/', Math.Min(1, path.Length));
        if (!IsToken(end < 0 ? path : path[..end])) return "the address lacks the token";
        rest = end < 0 ? PathString.Empty : path[end..];
        return null;
    }

    /// <summary>Takes as long for every text.</summary>
    private bool IsToken(string part) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(part.TrimStart('/'))), _digest);
}
