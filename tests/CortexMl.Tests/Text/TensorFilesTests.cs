using CortexMl.Diagnostics;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;
using TextFiles = CortexMl.Text.TensorFiles;

namespace CortexMl.Tests.Text;

public sealed class TensorFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_constant_comes_from_a_file_beside_the_text()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        NpzWriter.Write(Path.Combine(_folder, "sub", "x.npz"), [("w", Tensor.Vector<double>(1, 2.5)), ("q", Tensor.Vector<sbyte>(-7, 7))]);
        string text = """
            graph @g() -> f32[2] {
              @w: f32[2] = file("sub/x.npz", "w")
              return @w
            }

            """;
        var graph = TextParser.ParseOne(text, options: new ParseOptions { Resolver = new TextFiles(_folder) });
        Assert.Equal([1, 2.5f], graph.Outputs[0].Constant!.Floats.ToArray());
        Assert.Equal(text, TextPrinter.Print(graph));
    }

    [Fact]
    public void Integers_of_a_file_must_fit_their_precision()
    {
        NpzWriter.Write(Path.Combine(_folder, "x.npz"), [("q", Tensor.Vector<sbyte>(-7, 8))]);
        string Read(string type) => Codes($"graph @g() {{ @q: {type} = file(\"x.npz\", \"q\") return @q }}");
        Assert.Equal("", Read("i8[2]"));
        Assert.Equal("CML0308", Read("i4[2]"));
        Assert.Equal("CML0308", Read("i8[1, 2]"));
        Assert.Equal("CML0308", Read("f32[2]"));
    }

    [Theory]
    [InlineData("/etc/x.npz")]
    [InlineData("../x.npz")]
    [InlineData("a/../../x.npz")]
    [InlineData("C:x.npz")]
    [InlineData("a\\\\x.npz")]
    [InlineData("")]
    public void A_path_that_leaves_the_folder_is_refused(string path) => Assert.Equal("CML0312", CodesOf(path));

    [Fact]
    public void A_link_is_followed_within_the_folder_and_not_out_of_it()
    {
        if (OperatingSystem.IsWindows()) return;
        string inside = Directory.CreateDirectory(Path.Combine(_folder, "in")).FullName,
        outside = Directory.CreateDirectory(Path.Combine(_folder, "out")).FullName;
        foreach (string folder in (string[])[inside, outside]) NpzWriter.Write(Path.Combine(folder, "x.npz"), [("w", Tensor.Vector(1f))]);
        File.CreateSymbolicLink(Path.Combine(inside, "near.npz"), "x.npz");
        File.CreateSymbolicLink(Path.Combine(inside, "far.npz"), "../out/x.npz");
        File.CreateSymbolicLink(Path.Combine(inside, "second.npz"), "far.npz");
        Directory.CreateSymbolicLink(Path.Combine(inside, "sub"), outside);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "text"), inside);
        foreach (string folder in (string[])[inside, Path.Combine(_folder, "text")])
        {
            string Found(string path)
            {
                try
                {
                    return new TextFiles(folder).File(path, "w") is null ? "none" : "read";
                }
                catch (DiagnosticException error)
                {
                    return error.Diagnostics[0].Code;
                }
            }
            Assert.Equal(("read", "read"), (Found("x.npz"), Found("near.npz")));
            Assert.Equal(("CML0312", "CML0312", "CML0312"), (Found("far.npz"), Found("second.npz"), Found("sub/x.npz")));
        }
    }

    [Fact]
    public void A_file_or_key_that_is_not_there_is_a_diagnostic()
    {
        NpzWriter.Write(Path.Combine(_folder, "x.npz"), [("q", Tensor.Vector(1f))]);
        Assert.Equal("CML0101", CodesOf("missing.npz"));
        Assert.Equal("CML0105", CodesOf("x.npz"));
    }

    [Fact]
    public void A_file_that_is_no_archive_is_a_diagnostic()
    {
        File.WriteAllText(Path.Combine(_folder, "x.npz"), "not a zip");
        Assert.Equal("CML0104", CodesOf("x.npz"));
    }

    [Fact]
    public void Other_formats_come_with_a_reader()
    {
        File.WriteAllText(Path.Combine(_folder, "x.params"), "");
        var files = new TextFiles(_folder, path => key => path.EndsWith("x.params") && key == "w" ? Tensor.Vector(3f) : null);
        Assert.Equal(3, files.File("x.params", "w")!.GetDouble(0));
        Assert.Null(files.File("x.params", "b"));
    }

    [Fact]
    public void Links_in_a_ring_lead_nowhere()
    {
        if (OperatingSystem.IsWindows()) return;
        File.CreateSymbolicLink(Path.Combine(_folder, "ring.npz"), "ring.npz");
        Assert.Equal("CML0312", CodesOf("ring.npz"));
    }

    private string CodesOf(string path) => Codes($"graph @g() {{ @w: f32[1] = file(\"{path}\", \"w\") return @w }}");

    private string Codes(string text)
    {
        try
        {
            TextParser.Parse(text, options: new ParseOptions { Resolver = new TextFiles(_folder) });
            return "";
        }
        catch (DiagnosticException refused)
        {
            return string.Join(' ', refused.Diagnostics.Select(d => d.Code));
        }
    }
}
