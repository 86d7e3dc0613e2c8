using System.Formats.Tar;
using System.Net;
using CortexMl.Serve;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Serving;

/// <summary>Uploads that mean harm, or do it: each is refused with its code, and leaves nothing anywhere.</summary>
public sealed class HostileUploadTests
{
    private static readonly byte[] s_content = [1, 2, 3];

    public static TheoryData<string> Names =>
    [
        "../outside.txt", "..", "a/../../outside.txt", "/etc/passwd", "a//b", "", "a\\..\\b.npy", "C:\\b.npy", "C:b.npy", "a\u0000.npy",
        "a\n.npy", "\u202egpj.npy", "NUL", "com1.txt", "a/aux.npy", "trailing.", "trailing ", " leading", "a*.npy", "a?b", "a/./b",
        "1/2/3/4/5/6/7/8/9", new string('x', 121),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        await using var page = await ServedPage.StartAsync();
        string id = await page.CreateAsync();
        await RefusesAsync(page, id, name, s_content, ServeCodes.Name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_in_an_archive_is_refused_with_all_of_it(string name)
    {
        if (name.Length == 0) return;
        await using var page = await ServedPage.StartAsync();
        string id = await page.CreateAsync();
        await RefusesAsync(page, id, "x.zip", Archives.Zip(("good.npy", s_content), (name, s_content)), ServeCodes.Name);
    }

    [Theory]
    [InlineData("../outside.txt")]
    [InlineData("/outside.txt")]
    [InlineData("a/../../../outside.txt")]
    public async Task A_tar_leads_nowhere_else(string name)
    {
        await using var page = await ServedPage.StartAsync();
        string id = await page.CreateAsync();
        byte[] archive = Archives.Tar(Archives.File("good.npy", s_content), Archives.File(name, s_content));
        await RefusesAsync(page, id, "x.tar", archive, ServeCodes.Name);
        await RefusesAsync(page, id, "x.tgz", Archives.Packed(archive), ServeCodes.Name);
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.CharacterDevice)]
    public async Task A_tar_holds_files_alone(TarEntryType type)
    {
        await using var page = await ServedPage.StartAsync();
        byte[] archive = Archives.Tar(Archives.Special(type, "odd", "../../outside.txt"), Archives.File("good.npy", s_content));
        await RefusesAsync(page, await page.CreateAsync(), "x.tar", archive, ServeCodes.Archive);
    }

    [Fact]
    public async Task A_link_in_a_zip_is_refused()
    {
        await using var page = await ServedPage.StartAsync();
        byte[] archive = Archives.ZipWithLink("link", "../../../outside.txt");
        await RefusesAsync(page, await page.CreateAsync(), "x.zip", archive, ServeCodes.Archive);
    }

    [Fact]
    public async Task A_zip_that_unpacks_to_far_more_than_it_is_is_refused()
    {
        await using var page = await ServedPage.StartAsync();
        byte[] archive = Archives.Zip(("zeros.bin", new byte[32 << 20]));
        Assert.InRange(archive.Length, 1, 100_000);
        await RefusesAsync(page, await page.CreateAsync(), "bomb.zip", archive, ServeCodes.UploadLimit);
    }

    [Fact]
    public async Task Many_small_files_that_make_a_bomb_together_are_refused()
    {
        await using var page = await ServedPage.StartAsync();
        byte[] archive = Archives.Zip(Enumerable.Range(0, 20).Select(i => ($"{i}.bin", new byte[1 << 20])));
        await RefusesAsync(page, await page.CreateAsync(), "bomb.zip", archive, ServeCodes.UploadLimit);
    }

    [Theory]
    [InlineData("bomb.tgz")]
    [InlineData("bomb.tar.gz")]
    public async Task A_packed_tar_that_is_a_bomb_is_refused(string name)
    {
        await using var page = await ServedPage.StartAsync();
        byte[] archive = Archives.Packed(Archives.Tar(Archives.File("zeros.bin", new byte[32 << 20])));
        await RefusesAsync(page, await page.CreateAsync(), name, archive, ServeCodes.UploadLimit);
    }

    [Fact]
    public async Task Too_many_entries_are_refused()
    {
        await using var page = await ServedPage.StartAsync();
        byte[] archive = Archives.Zip(Enumerable.Range(0, 20_001).Select(i => ($"{i}", Array.Empty<byte>())));
        await RefusesAsync(page, await page.CreateAsync(), "many.zip", archive, ServeCodes.UploadLimit);
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused_also_where_its_length_is_not_told()
    {
        await using var page = await ServedPage.StartAsync(maxUpload: 1 << 20);
        string id = await page.CreateAsync();
        await RefusesAsync(page, id, "large.npy", new byte[(1 << 20) + 1], ServeCodes.UploadLimit);
        using var body = new StreamContent(new Unmeasured((1 << 20) + 1));
        using var answer = await page.Http.PutAsync(new Uri($"jobs/{id}/files?name=large.npy", UriKind.Relative), body);
        Assert.Equal(ServeCodes.UploadLimit, await ServedPage.CodeAsync(answer));
        Assert.Empty(page.Stored(id));
    }

    [Fact]
    public async Task Files_count_together_and_unpacked()
    {
        await using var page = await ServedPage.StartAsync(maxUpload: 1 << 20);
        string id = await page.CreateAsync();
        using var first = await page.UploadAsync(id, "first.npy", new byte[900_000]);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await RefusesAsync(page, id, "second.npy", new byte[200_000], ServeCodes.UploadLimit, "first.npy");
        await RefusesAsync(page, id, "x.zip", Archives.Zip(("y.npy", new byte[200_000])), ServeCodes.UploadLimit, "first.npy");
    }

    [Fact]
    public async Task Names_that_one_system_takes_for_the_same_are_refused()
    {
        await using var page = await ServedPage.StartAsync();
        string id = await page.CreateAsync();
        using var first = await page.UploadAsync(id, "Data/a.npy", s_content);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        string[] there = ["Data", "Data/a.npy"];
        await RefusesAsync(page, id, "Data/A.npy", s_content, ServeCodes.Name, there);
        await RefusesAsync(page, id, "data/b.npy", s_content, ServeCodes.Name, there);
        await RefusesAsync(page, id, "Data", s_content, ServeCodes.Name, there);
        await RefusesAsync(page, id, "Data/a.npy/b", s_content, ServeCodes.Name, there);
        await RefusesAsync(page, id, "x.zip", Archives.Zip(("b.npy", s_content), ("B.npy", s_content)), ServeCodes.Name, there);
        await RefusesAsync(page, id, "x.zip", Archives.Zip(("b.npy", s_content), ("b.npy", s_content)), ServeCodes.Name, there);
    }

    [Theory]
    [InlineData("x.zip")]
    [InlineData("x.tgz")]
    [InlineData("x.tar")]
    public async Task What_is_no_archive_is_refused(string name)
    {
        await using var page = await ServedPage.StartAsync();
        string id = await page.CreateAsync();
        byte[] noise = [.. Enumerable.Range(0, 3000).Select(i => (byte)(i * 7 + i / 3))];
        await RefusesAsync(page, id, name, noise, ServeCodes.Archive);
    }

    [Fact]
    public async Task An_archive_that_was_cut_off_is_refused()
    {
        await using var page = await ServedPage.StartAsync();
        string id = await page.CreateAsync();
        byte[] noise = new byte[50_000];
        new Random(1).NextBytes(noise);
        byte[] zip = Archives.Zip(("a.npy", noise)), tar = Archives.Tar(Archives.File("a.npy", noise));
        await RefusesAsync(page, id, "x.zip", zip[..^100], ServeCodes.Archive);
        await RefusesAsync(page, id, "x.tar", tar[..20_000], ServeCodes.Archive);
        await RefusesAsync(page, id, "x.tgz", Archives.Packed(tar)[..20_000], ServeCodes.Archive);
    }

    [Theory]
    [InlineData("empty.onnx", "", "CML0202")]
    [InlineData("text.onnx", "this is no model", null)]
    [InlineData("net.pt", "PK", "CML0920")]
    [InlineData("notes.txt", "hello", ServeCodes.NoModel)]
    [InlineData("x-symbol.json", "{", null)]
    [InlineData("x.cml", "graph @g(%x: f32[1, 4]) -> f32[1, 4] {\n  %c = file(\"../../../../outside.txt\") : f32[4]\n", null)]
    public async Task What_is_no_model_is_told_and_stays_a_draft(string name, string text, string? code)
    {
        await using var page = await ServedPage.StartAsync();
        string id = await page.CreateAsync();
        using var uploaded = await page.UploadAsync(id, name, System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Equal(HttpStatusCode.OK, uploaded.StatusCode);
        using var looked = await page.PostAsync($"jobs/{id}/inspect");
        var json = (await ServedPage.JsonAsync(looked))!;
        string found = (string)(json["refusals"] ?? json["diagnostics"])![0]!["code"]!;
        Assert.StartsWith("CML", found, StringComparison.Ordinal);
        if (code is not null) Assert.Equal(code, found);
        Assert.DoesNotContain(page.Work, json.ToJsonString());
        using var started = await page.PostAsync($"jobs/{id}/start");
        Assert.Equal(HttpStatusCode.BadRequest, started.StatusCode);
        Assert.Equal("draft", await page.StatusAsync(id));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.999)]
    public async Task A_truncated_model_is_told(double kept)
    {
        await using var page = await ServedPage.StartAsync();
        string id = await page.CreateAsync();
        byte[] whole = await File.ReadAllBytesAsync(Repository.Path("golden", "models", "mnist-dapp", "mnist-dapp.onnx"));
        using var uploaded = await page.UploadAsync(id, "net.onnx", whole[..(int)(whole.Length * kept)]);
        using var looked = await page.PostAsync($"jobs/{id}/inspect");
        Assert.NotEmpty((await ServedPage.JsonAsync(looked))!["refusals"]!.AsArray());
    }

    private static async Task RefusesAsync(ServedPage page, string id, string name, byte[] bytes, string code, params string[] kept)
    {
        using var answer = await page.UploadAsync(id, name, bytes);
        Assert.False(answer.IsSuccessStatusCode);
        Assert.Equal(code, await ServedPage.CodeAsync(answer));
        Assert.Equal(kept, page.Stored(id));
        Assert.Equal("untouched", await File.ReadAllTextAsync(page.Outside));
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(page.Work, "jobs", id), "*", SearchOption.AllDirectories),
            path => path.Contains(".incoming", StringComparison.Ordinal));
        Assert.Equal(["outside.txt", "work"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(page.Work)!)
            .Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>Zeros whose number nobody knows before.</summary>
    private sealed class Unmeasured(long count) : MemoryStream(new byte[count])
    {
        public override bool CanSeek => false;
    }
}
