using System.Text.RegularExpressions;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>
/// The command talks to nobody and writes nowhere but where it was told to: looked at from outside, call by call of the system.
/// </summary>
public sealed partial class QuietProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [Trait("Speed", "Slow")]
    [InlineData("calibrate", "MODEL", "--data", "DATA", "--scale", "1/255", "-o", "OUT/thresholds.json")]
    [InlineData("calibrate", "MODEL", "--data", "DATA", "--scale", "1/255", "-o", "OUT/theirs.json", "--float-engine", "onnxruntime")]
    [InlineData("compile", "MODEL", "-o", "OUT/model", "--data", "FEW", "--scale", "1/255", "--test", "FEW", "--labels", "LABELS")]
    [InlineData("eval", "MODEL", "--data", "FEW", "--scale", "1/255", "--labels", "LABELS")]
    [InlineData("bench", "COMPILED", "--against", "onnxruntime")]
    public void No_address_is_looked_up_and_no_file_made_elsewhere(params string[] line)
    {
        string log = _folder["calls.log"], home = Made("home"), temporary = Made("tmp"), output = Made("out");
        Skip.IfNot(CanTrace(), "needs strace");
        string[] args = [.. line.Select(word => Argument(word, output))];
        var run = CliProcess.Run(
            ["strace", "-f", "-qq", "-e", "trace=%network,%file", "-o", log, .. CliProcess.Words, .. args],
            new Dictionary<string, string> { ["HOME"] = home, ["TMPDIR"] = temporary, ["XDG_CACHE_HOME"] = "", ["XDG_CONFIG_HOME"] = "" });
        Assert.True(run.Exit == 0, run.Error);
        string[] calls = File.ReadAllLines(log);
        Assert.Contains(calls, call => call.Contains("CortexMl.Engines.dll", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, Network().IsMatch);
        Assert.DoesNotContain(
            calls, call => Making().IsMatch(call) && Quoted().Matches(call).Any(path => !IsAllowed(path.Groups["path"].Value)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(home));
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));

        bool IsAllowed(string path) => path.StartsWith("/dev/", StringComparison.Ordinal)
            || path.StartsWith("/proc/", StringComparison.Ordinal) || path.StartsWith(temporary, StringComparison.Ordinal)
                || path.StartsWith(output, StringComparison.Ordinal);
    }

    private string Argument(string word, string output) => word switch
    {
        "MODEL" => Repository.Path("golden", "models", "mnist-mlp", "mnist-mlp.onnx"),
        // Long enough for a sender that waits some seconds before it starts.
        "DATA" =>
            WriteNpy("many.npy",
                Tensor.Create(Shape.Of(3000, 1, 28, 28), [.. Enumerable.Range(0, 3000 * 784).Select(i => (byte)(i * 37 % 251))])),
        "FEW" =>
            WriteNpy("few.npy", Tensor.Create(Shape.Of(8, 1, 28, 28), [.. Enumerable.Range(0, 8 * 784).Select(i => (byte)(i * 37 % 251))])),
        "LABELS" => _folder.Write("labels.txt", "0\n1\n2\n3\n4\n5\n6\n7\n"),
        "COMPILED" => Compiled(),
        _ => word.Replace("OUT/", output + "/", StringComparison.Ordinal),
    };

    private string Compiled()
    {
        string model = Repository.Path("golden", "models", "mnist-mlp", "mnist-mlp.onnx");
        Assert.Equal(0, CliRun.Of("compile", model, "-o", _folder["compiled"], "--random-data", "4").Exit);
        return _folder["compiled"];
    }

    private string WriteNpy(string name, Tensor tensor)
    {
        NpyWriter.Write(_folder[name], tensor);
        return _folder[name];
    }

    private string Made(string name) => Directory.CreateDirectory(_folder[name]).FullName;

    private static bool CanTrace()
    {
        try
        {
            return OperatingSystem.IsLinux() && CliProcess.Run(["strace", "-qq", "-o", "/dev/null", "true"]).Exit == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    [GeneratedRegex(@"AF_INET|\.(gethostbyname|getaddrinfo)|/etc/resolv\.conf|/etc/hosts")]
    private static partial Regex Network();

    // openat(AT_FDCWD, "/path", O_WRONLY|O_CREAT…); mkdir, rename, link and so on by name; failed ones too
    [GeneratedRegex(
        @"\b(?:open(?:at)?\(.*O_(?:CREAT|TMPFILE)|(?:creat|mkdir|mkdirat|mknod|mknodat|rename|renameat|renameat2|link|linkat|symlink|symlinkat)\()")]
    private static partial Regex Making();

    [GeneratedRegex("\"(?<path>[^\"]*)\"")]
    private static partial Regex Quoted();
}
