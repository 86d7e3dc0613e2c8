using System.Net;
using System.Net.Sockets;
using System.Text;
using CortexMl.Serve;
using Xunit;

namespace CortexMl.Tests.Serving;

/// <summary>Who may ask, and what for.</summary>
public sealed class GuardTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/jobs")]
    [InlineData("/00000000000000000000000000000000/jobs")]
    [InlineData("/00000000000000000000000000000000/")]
    [InlineData("/page.js")]
    public async Task Without_the_token_nothing_is_told(string path)
    {
        await using var page = await ServedPage.StartAsync();
        using var answer = await page.Http.GetAsync(new Uri(page.Address, path));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(ServeCodes.Refused, await ServedPage.CodeAsync(answer));
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:1")]
    [InlineData("localhost.example.org")]
    public async Task A_name_that_leads_here_from_elsewhere_is_refused(string host)
    {
        await using var page = await ServedPage.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("jobs", UriKind.Relative));
        request.Headers.Host = host;
        using var answer = await page.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task The_machine_s_own_name_is_taken()
    {
        await using var page = await ServedPage.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("jobs", UriKind.Relative));
        request.Headers.Host = $"localhost:{page.Address.Port}";
        using var answer = await page.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "file://", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "none", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    public async Task Another_page_changes_nothing(string header, string value, HttpStatusCode expected)
    {
        await using var page = await ServedPage.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("jobs?name=x", UriKind.Relative));
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await page.Http.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK, Directory.EnumerateDirectories(Path.Combine(page.Work, "jobs")).Any());
    }

    [Fact]
    public async Task A_page_on_another_port_of_this_machine_is_another_page()
    {
        await using var page = await ServedPage.StartAsync();
        foreach (var (host, port) in ((string, int)[])[("127.0.0.1", 1), ("localhost", 1), ("localhost", page.Address.Port)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("jobs?name=x", UriKind.Relative));
            request.Headers.Add("Origin", new UriBuilder("http", host, port).Uri.GetLeftPart(UriPartial.Authority));
            using var answer = await page.Http.SendAsync(request);
            Assert.Equal(port == 1 ? HttpStatusCode.Forbidden : HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Nobody_is_allowed_in_and_no_cookie_is_set()
    {
        await using var page = await ServedPage.StartAsync();
        using var answer = await page.Http.GetAsync(page.Address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(answer.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.StartsWith("default-src 'none'; script-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Fact]
    public async Task Two_pages_have_two_tokens_and_an_address_of_this_machine()
    {
        await using var first = await ServedPage.StartAsync();
        await using var second = await ServedPage.StartAsync();
        Assert.Matches("^/[0-9a-f]{32}/$", first.Address.AbsolutePath);
        Assert.NotEqual(first.Address.AbsolutePath, second.Address.AbsolutePath);
        Assert.Equal("127.0.0.1", first.Address.Host);
    }

    //  As they stand: clients tidy such paths up before they send them.
    [Theory]
    [InlineData("jobs/../../outside.txt")]
    [InlineData("jobs/..%2f..%2foutside.txt")]
    [InlineData("jobs/%2e%2e/%2e%2e/outside.txt")]
    [InlineData("jobs/0001%2f..%2f..%2f../report.html")]
    [InlineData("jobs/..%5c..%5coutside.txt/report.html")]
    [InlineData("jobs/0001/files/../state.json")]
    [InlineData("../outside.txt")]
    [InlineData("Page/index.html")]
    [InlineData("jobs/0001/state.json")]
    public async Task No_path_leads_to_a_file(string path)
    {
        await using var page = await ServedPage.StartAsync();
        await page.CreateAsync();
        string answer = await RawAsync(page, $"GET {page.Address.AbsolutePath}{path} HTTP/1.1");
        Assert.Matches("^HTTP/1.1 (400|403|404|405) ", answer);
        Assert.DoesNotContain("untouched", answer);
    }

    [Fact]
    public async Task Files_of_a_wish_are_those_of_the_job()
    {
        await using var page = await ServedPage.StartAsync();
        string id = await page.CreateAsync();
        using var uploaded = await page.UploadAsync(id, "x.cml", Encoding.UTF8.GetBytes("graph @g() {}"));
        foreach (string name in (string[])["../state.json", "../../../../outside.txt", page.Outside, "missing.npy"])
        {
            string wish = $$"""{ "data": "{{name}}" }""";
            foreach (string what in (string[])["inspect", "preview", "start"])
            {
                using var answer = await page.PostAsync($"jobs/{id}/{what}", wish);
                string text = await answer.Content.ReadAsStringAsync();
                Assert.Matches("CML110[12]", text);
            }
        }
    }

    [Fact]
    public async Task A_preparation_says_nothing_but_a_preparation()
    {
        await using var page = await ServedPage.StartAsync();
        string id = await page.CreateAsync();
        using var uploaded = await page.UploadAsync(id, "x.cml",
            Encoding.UTF8.GetBytes("graph @g(%x: f32[1, 4]) -> f32[1, 4] {\n  %0 = nn.relu(%x)\n  return %0\n}\n"));
        using var data = await page.UploadAsync(id, "d.npy", [1]);
        using var answer = await page.PostAsync($"jobs/{id}/start", """{ "data": "d.npy", "preparation": { "plugin": "evil.dll" } }""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(File.Exists(Path.Combine(page.Work, "jobs", id, "run.json")));
    }

    private static async Task<string> RawAsync(ServedPage page, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, page.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{request}\r\nHost: 127.0.0.1:{page.Address.Port}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
